namespace MidJourney.Tests;

/// <summary>A folder of this run's own, gone when it ends.</summary>
internal static class TestFolder
{
    private static readonly string Root = Make();

    /// <summary>A path in it; the file is not made.</summary>
    public static string File(string name) => Path.Combine(Root, name);

    /// <summary>A path in it that no other test has.</summary>
    public static string NewFile(string extension) => File(Guid.NewGuid().ToString("N") + extension);

    private static string Make()
    {
        var root = Directory.CreateTempSubdirectory("midjourney-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try { Directory.Delete(root, recursive: true); }
            catch (IOException) { }
        };
        return root;
    }
}
