using System.Management.Automation;

namespace MidJourney.Parameters;

/// <summary>Makes a path of PowerShell's, with its drives and providers, one of the file system.</summary>
internal static class FilePath
{
    /// <exception cref="CommandException">It leads to no file system.</exception>
    /// <param name="state">Where the user is.</param>
    /// <param name="path">The path as it was given; wildcards mean themselves.</param>
    /// <param name="errorId">What it is called when it leads nowhere.</param>
    public static string Resolve(SessionState state, string path, string errorId)
    {
        try
        {
            var file = state.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name == "FileSystem") return file;
            throw new CommandException(errorId, Messages.NotAFileSystemPath(path, provider.Name));
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or NotSupportedException or ArgumentException)
        {
            throw new CommandException(errorId, Messages.InvalidPath(path, e.Message), e);
        }
    }
}
