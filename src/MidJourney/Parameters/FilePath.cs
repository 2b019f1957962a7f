using System.Management.Automation;

namespace MidJourney.Parameters;

/// <summary>Converts a PowerShell path, which may use drives and providers, to a file system path.</summary>
internal static class FilePath
{
    /// <param name="state">The user's session state.</param>
    /// <param name="path">The path as specified; wildcards are literal.</param>
    /// <param name="errorId">The id of the error.</param>
    /// <exception cref="CommandException">The path is not in a file system.</exception>
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
