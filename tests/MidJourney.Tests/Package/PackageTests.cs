using System.IO.Compression;
using System.Text.RegularExpressions;
using MidJourney.PackageTool;
using NuGet.Packaging;

namespace MidJourney.Tests;

/// <summary>The package for the PowerShell Gallery, made of out/MidJourney as build.ps1 Package makes it.</summary>
public sealed class PackageTests
{
    /// <summary>Besides the help, which lies in the sources as it is shipped.</summary>
    private static readonly string[] Files =
    [
        "CHANGELOG.md", "LICENSE", "MidJourney.Format.ps1xml", "MidJourney.psd1", "MidJourney.psm1", "icon.png",
        "bin/net8.0/MidJourney.Client.dll", "bin/net8.0/MidJourney.dll",
        "bin/net472/Microsoft.Bcl.AsyncInterfaces.dll", "bin/net472/Microsoft.Bcl.TimeProvider.dll", "bin/net472/MidJourney.Client.dll", "bin/net472/MidJourney.dll",
        "bin/net472/System.Buffers.dll", "bin/net472/System.IO.Pipelines.dll", "bin/net472/System.Memory.dll", "bin/net472/System.Numerics.Vectors.dll",
        "bin/net472/System.Runtime.CompilerServices.Unsafe.dll", "bin/net472/System.Text.Encodings.Web.dll", "bin/net472/System.Text.Json.dll",
        "bin/net472/System.Threading.Channels.dll", "bin/net472/System.Threading.Tasks.Extensions.dll", "bin/net472/System.ValueTuple.dll",
    ];

    /// <summary>What makes a zip a package; whoever installs it leaves them out.</summary>
    private static readonly string[] PackageParts = ["MidJourney.nuspec", "[Content_Types].xml", "_rels/.rels", "package/services/metadata/core-properties/nuget.psmdcp"];

    private static readonly string[] Help = [.. Directory.GetFiles(Path.Combine(Repository.Root, "src", "MidJourney", "en-US")).Select(f => "en-US/" + Path.GetFileName(f))];

    private static readonly string Changelog = Path.Combine(Repository.Root, "CHANGELOG.md");

    [Fact]
    public void The_same_files_give_the_same_bytes_wherever_and_whenever_they_were_made()
    {
        var copy = TestFolder.NewFile("");
        foreach (var file in Directory.GetFiles(Repository.Module, "*", SearchOption.AllDirectories).Reverse())
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Repository.Module, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            File.SetLastWriteTimeUtc(target, new DateTime(2011, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        }

        Assert.Equal(Pack(Repository.Module), Pack(copy));
    }

    [Fact]
    public void It_holds_the_module_and_nothing_else()
    {
        using var zip = new ZipArchive(new MemoryStream(Pack(Repository.Module)));
        Assert.Equal(Files.Concat(Help).Concat(PackageParts).Order(StringComparer.Ordinal), zip.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal));
        Assert.All(zip.Entries, entry => Assert.Equal(2000, entry.LastWriteTime.Year));
    }

    [Fact]
    public void It_tells_the_gallery_what_the_manifest_and_the_changelog_say()
    {
        using var reader = new PackageArchiveReader(new MemoryStream(Pack(Repository.Module)));
        var told = reader.NuspecReader;
        using var shell = new ModuleShell(import: false);
        var manifest = shell.Run($"$m = Test-ModuleManifest '{Repository.Manifest}'; \"$($m.Version)\"; $m.Author; $m.Description; $m.Copyright; \"$($m.Tags)\"; \"$($m.ExportedCmdlets.Keys)\"").MustSucceed().Output.Select(o => o.ToString()).ToArray();

        Assert.Equal(["MidJourney", .. manifest[..4]], [told.GetId(), told.GetVersion().ToString(), told.GetAuthors(), told.GetDescription(), told.GetCopyright()]);
        Assert.Equal(("MIT", "icon.png"), (told.GetLicenseMetadata()!.License, told.GetIcon()));
        var tags = told.GetTags().Split(' ');
        string[] cmdlets = manifest[5].Split(' ');
        Assert.Equal(["PSModule", .. manifest[4].Split(' '), "PSIncludes_Cmdlet", .. cmdlets.Select(c => "PSCmdlet_" + c), .. cmdlets.Select(c => "PSCommand_" + c)], tags.ToHashSet());
        Assert.Contains("PSEdition_Desktop", tags);
        Assert.Contains("PSEdition_Core", tags);

        var notes = told.GetReleaseNotes();
        Assert.StartsWith("### Added\n- `Invoke-MJUpscale`", notes, StringComparison.Ordinal);
        Assert.EndsWith(notes, File.ReadAllText(Changelog).ReplaceLineEndings("\n").TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_notes_of_a_version_end_where_those_of_the_one_before_begin() =>
        Assert.Equal("### Fixed\n- a", ReleaseNotes.Of("1.1.0", "# Changelog\n\n## [1.1.0] - 2027-01-01\n\n### Fixed\n- a\n\n## [1.0.0] - 2026-01-01\n- b\n"));

    [Theory]
    [InlineData("# Changelog\n\n## [1.0.0] - 2026-01-01\n- b\n")]
    [InlineData("# Changelog\n\n## [1.1.0] - unreleased\n\n## [1.0.0] - 2026-01-01\n- b\n")]
    public void A_version_without_notes_is_not_packed(string changelog) => Assert.Throws<FormatException>(() => ReleaseNotes.Of("1.1.0", changelog));

    [Fact]
    public async Task Unpacked_elsewhere_it_runs_the_demo()
    {
        // As the repository lies, but with nothing in it that the demo doesn't need.
        var root = TestFolder.NewFile("");
        using (var zip = new ZipArchive(new MemoryStream(Pack(Repository.Module))))
            zip.ExtractToDirectory(Path.Combine(root, "out", "MidJourney"));
        foreach (var part in PackageParts) File.Delete(Path.Combine(root, "out", "MidJourney", part));
        CopyTo(Path.Combine(root, "src", "MidJourney.Emulator", "bin", "Release", "net10.0"), Directory.GetFiles(AppContext.BaseDirectory, "MidJourney.Emulator.*"));
        var examples = Path.Combine(root, "docs", "examples");
        CopyTo(examples, Directory.GetFiles(Path.Combine(Repository.Root, "docs", "examples")));
        var demo = Path.Combine(examples, "demo.ps1");
        File.WriteAllText(demo, new Regex("--duration [0-9-]+").Replace(File.ReadAllText(demo), "--duration 0.05", 1));

        var (exitCode, shown) = await ShellProcess.RunFileAsync(demo);
        Assert.True(exitCode == 0, shown);
        Assert.Contains("11 of 12 upscales are saved", shown, StringComparison.Ordinal);
        Assert.Equal(11, Directory.GetFiles(Path.Combine(root, "out", "demo"), "*.png").Length);
    }

    private static byte[] Pack(string module)
    {
        using var package = new MemoryStream();
        ModulePackage.Write(module, File.ReadAllText(Changelog), package);
        return package.ToArray();
    }

    private static void CopyTo(string folder, IEnumerable<string> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in files) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
