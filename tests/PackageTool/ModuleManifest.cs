using System.Collections;
using System.Management.Automation.Language;

namespace MidJourney.PackageTool;

/// <summary>A module's manifest, read as the data it is, without running it.</summary>
public sealed class ModuleManifest
{
    private readonly Hashtable _manifest;
    private readonly Hashtable _psData;

    private ModuleManifest(Hashtable manifest)
    {
        _manifest = manifest;
        _psData = (Hashtable)((Hashtable)manifest["PrivateData"]!)["PSData"]!;
    }

    /// <exception cref="FormatException">It is not plain data.</exception>
    public static ModuleManifest Read(string file)
    {
        var script = Parser.ParseFile(file, out _, out var errors);
        return errors.Length == 0 && script.Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false)?.SafeGetValue() is Hashtable manifest
            ? new ModuleManifest(manifest)
            : throw new FormatException($"{file} is no manifest. {string.Join(' ', errors.Select(e => e.Message))}");
    }

    public string Version => Text("ModuleVersion");

    public string Author => Text("Author");

    public string CompanyName => Text("CompanyName");

    public string Copyright => Text("Copyright");

    public string Description => Text("Description");

    public IEnumerable<string> Cmdlets => Names(_manifest, "CmdletsToExport");

    public IEnumerable<string> Tags => Names(_psData, "Tags");

    private string Text(string key) => (string)_manifest[key]!;

    private static IEnumerable<string> Names(Hashtable table, string key) => ((object[])table[key]!).Cast<string>();
}
