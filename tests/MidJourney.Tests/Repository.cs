namespace MidJourney.Tests;

/// <summary>Where the built module lies.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    public static readonly string Module = Path.Combine(Root, "out", "MidJourney");

    public static readonly string Manifest = Path.Combine(Module, "MidJourney.psd1");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MidJourney.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run from inside the repository.");
    }
}
