using System.Reflection;

namespace MidJourney.Bench.Processes;

/// <summary>Copies of the built module and emulator, so that a build during the run does not change them, and a temporary folder for files.</summary>
internal sealed class Programs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("midjourney-bench-");

    public Programs()
    {
        Copy(Path.Combine(Root, "out", "MidJourney"), "MidJourney");
        Copy(Path.Combine(Root, "src", "MidJourney.Emulator", "bin", "Release", "net10.0"), "Emulator");
    }

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Metadata("RepoRoot");

    public static string Pwsh { get; } = Metadata("Pwsh");

    public static string Bench => typeof(Programs).Assembly.Location;

    public string Module => PathOf(Path.Combine("MidJourney", "MidJourney.psd1"));

    public string Emulator => PathOf(Path.Combine("Emulator", "MidJourney.Emulator.dll"));

    /// <summary>A path in the temporary folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A path for a journal that does not exist yet.</summary>
    public string NewJournal() => PathOf($"{Guid.NewGuid():N}.jsonl");

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process still writes here, because the run failed: that failure is what must be seen.
        }
    }

    private static string Metadata(string key) =>
        typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private void Copy(string from, string name)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = PathOf(Path.Combine(name, Path.GetRelativePath(from, file)));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}
