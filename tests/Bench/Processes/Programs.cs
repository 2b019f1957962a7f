using System.Reflection;

namespace MidJourney.Bench.Processes;

/// <summary>The built module and emulator, copied aside so that a build meanwhile does not change them.</summary>
internal sealed class Programs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("midjourney-bench-");

    public Programs()
    {
        Copy(Path.Combine(Root, "out", "MidJourney"), "MidJourney");
        Copy(Path.Combine(Root, "src", "MidJourney.Emulator", "bin", "Release", "net10.0"), "Emulator");
    }

    /// <summary>The folder of the repository this was built in.</summary>
    public static string Root { get; } = Metadata("RepoRoot");

    /// <summary>PowerShell.</summary>
    public static string Pwsh { get; } = Metadata("Pwsh");

    public static string Bench => typeof(Programs).Assembly.Location;

    public string Module => Path.Combine(_folder.FullName, "MidJourney", "MidJourney.psd1");

    public string Emulator => Path.Combine(_folder.FullName, "Emulator", "MidJourney.Emulator.dll");

    /// <summary>A place for what a bench makes.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Scripts", name);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Metadata(string key) =>
        typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private void Copy(string from, string name)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(_folder.FullName, name, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}
