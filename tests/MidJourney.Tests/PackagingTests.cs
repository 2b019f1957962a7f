using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MidJourney.Tests;

/// <summary>What lies in out/MidJourney, and that both editions can load it.</summary>
public sealed class PackagingTests
{
    /// <summary>In .NET Framework 4.7.2 itself, or provided by Windows PowerShell.</summary>
    private static readonly string[] OfTheFramework = ["mscorlib", "netstandard", "System", "System.Core", "System.Net.Http", "System.Management.Automation", "System.Runtime.Serialization", "System.Xml", "System.Numerics", "System.Data", "System.IO.Compression"];

    [Fact]
    public void Every_assembly_carries_the_version_of_the_manifest()
    {
        using var shell = new ModuleShell(import: false);
        var version = shell.Run($"(Test-ModuleManifest '{Repository.Manifest}').Version.ToString()").MustSucceed().Output.Single().ToString();
        foreach (var framework in new[] { "net472", "net8.0" })
            Assert.Equal(version, AssemblyName.GetAssemblyName(Binary(framework, "MidJourney.dll")).Version!.ToString(3));
    }

    [Fact]
    public void Nothing_but_our_own_assemblies_lies_in_the_folder_for_PowerShell_7() =>
        Assert.Equal(["MidJourney.Client.dll", "MidJourney.dll"], Directory.GetFiles(Path.Combine(Repository.Module, "bin", "net8.0")).Select(Path.GetFileName).Order());

    [Fact]
    public void Every_reference_of_the_folder_for_Windows_PowerShell_is_met_by_the_version_beside_it()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Module, "bin", "net472"), "*.dll");
        var versions = files.ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => AssemblyName.GetAssemblyName(f).Version);
        Assert.Contains("System.Text.Json", versions.Keys);
        foreach (var file in files)
            foreach (var (name, version) in References(file).Where(r => !OfTheFramework.Contains(r.Name)))
            {
                Assert.True(versions.TryGetValue(name, out var beside), $"{Path.GetFileName(file)} needs {name}, which is not there.");
                Assert.True(version == beside, $"{Path.GetFileName(file)} needs {name} {version}, beside it lies {beside}.");
            }
    }

    private static string Binary(string framework, string name) => Path.Combine(Repository.Module, "bin", framework, name);

    private static List<(string Name, Version Version)> References(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(r => (metadata.GetString(r.Name), r.Version))];
    }
}
