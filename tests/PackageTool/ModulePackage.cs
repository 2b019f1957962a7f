using NuGet.Packaging;
using NuGet.Packaging.Licenses;
using NuGet.Versioning;

namespace MidJourney.PackageTool;

/// <summary>The package that the PowerShell Gallery takes: the module's folder, and what its manifest says in the Gallery's terms.</summary>
/// <remarks>The same files give the same bytes: entries are sorted, no time and no random id is written.</remarks>
public static class ModulePackage
{
    private const string Id = "MidJourney";
    private const string Icon = "icon.png";
    private const string License = "MIT";
    /// <summary>Of every entry; what is in the package is as old as its sources, and not as this run.</summary>
    private const string Timestamp = "2000-01-01T00:00:00Z";

    /// <param name="module">The folder of the module, which is packed whole.</param>
    /// <param name="changelog">The text of CHANGELOG.md.</param>
    /// <param name="destination">Where the package goes.</param>
    /// <returns>The package's file name.</returns>
    public static string Write(string module, string changelog, Stream destination)
    {
        var manifest = ModuleManifest.Read(Path.Combine(module, Id + ".psd1"));
        var builder = new PackageBuilder(deterministic: true)
        {
            DeterministicTimestamp = Timestamp,
            Id = Id,
            Version = NuGetVersion.Parse(manifest.Version),
            Description = manifest.Description,
            Copyright = manifest.Copyright,
            ReleaseNotes = ReleaseNotes.Of(manifest.Version, changelog),
            LicenseMetadata = new LicenseMetadata(LicenseType.Expression, License, NuGetLicenseExpression.Parse(License), warningsAndErrors: null, LicenseMetadata.CurrentVersion),
            Icon = Icon,
        };
        builder.Authors.Add(manifest.Author);
        builder.Owners.Add(manifest.CompanyName);
        foreach (var tag in Tags(manifest)) builder.Tags.Add(tag);
        foreach (var file in Directory.EnumerateFiles(module, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(module, f)).Order(StringComparer.Ordinal))
            builder.Files.Add(new PhysicalPackageFile { SourcePath = Path.Combine(module, file), TargetPath = file });
        builder.Save(destination);
        return $"{Id}.{builder.Version.ToNormalizedString()}.nupkg";
    }

    /// <summary>The manifest's, and those by which Find-Module and Find-Command search.</summary>
    private static IEnumerable<string> Tags(ModuleManifest manifest) =>
        ["PSModule", .. manifest.Tags, "PSIncludes_Cmdlet", .. manifest.Cmdlets.SelectMany(c => new[] { $"PSCmdlet_{c}", $"PSCommand_{c}" })];
}
