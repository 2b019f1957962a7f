namespace MidJourney.Tests;

/// <summary>Where the built module lies, and what else is built.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    public static readonly string Module = Path.Combine(Root, "out", "MidJourney");

    public static readonly string Manifest = Path.Combine(Module, "MidJourney.psd1");

    /// <summary>A program or library of tests/, built as these tests were.</summary>
    public static string Built(string project, string framework) =>
        Path.Combine(Root, "tests", project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, framework, $"{project}.dll");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MidJourney.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run from inside the repository.");
    }
}
