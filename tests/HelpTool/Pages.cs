using System.Management.Automation;

namespace MidJourney.HelpTool;

/// <summary>The pages docs/&lt;Cmdlet&gt;.md.</summary>
public static class Pages
{
    /// <summary>All pages of a folder.</summary>
    /// <exception cref="FormatException">One is not in order; the message names it.</exception>
    public static IReadOnlyList<CommandPage> Read(string folder) => [.. Directory.GetFiles(folder, "*-MJ*.md").Select(file =>
    {
        try { return CommandPage.Parse(File.ReadAllText(file)); }
        catch (FormatException e) { throw new FormatException($"{Path.GetFileName(file)}: {e.Message}", e); }
    })];

    /// <summary>Updates the pages from the cmdlets, keeping the prose, and the lists of cmdlets from the pages.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="commands">The module's cmdlets, imported into this PowerShell.</param>
    /// <returns>The changed files, by their paths in the repository.</returns>
    public static IReadOnlyList<string> Update(string root, IReadOnlyList<CmdletInfo> commands)
    {
        var folder = Path.Combine(root, "docs");
        var pages = Read(folder).ToDictionary(p => p.Name);
        var reader = new CommandReader((command, parameter) => Describe(root, commands.Single(c => c.Name == command), parameter, pages.Values));
        var changed = new List<string>();
        foreach (var command in commands)
        {
            var file = Path.Combine(folder, command.Name + ".md");
            var text = reader.Refresh(command, pages.GetValueOrDefault(command.Name)).Write();
            if (File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == text) continue;
            File.WriteAllText(file, text);
            changed.Add(Path.GetRelativePath(root, file));
        }
        foreach (var (file, text) in CmdletLists.Write(root).Where(f => File.ReadAllText(Path.Combine(root, f.Key)).ReplaceLineEndings("\n") != f.Value))
        {
            File.WriteAllText(Path.Combine(root, file), text);
            changed.Add(file);
        }
        return changed;
    }

    /// <summary>What all cmdlets share is said once; the rest begins as the source has it.</summary>
    private static string Describe(string root, CmdletInfo command, string parameter, IEnumerable<CommandPage> pages)
    {
        var isOwn = command.ImplementingType.GetProperty(parameter)?.DeclaringType == command.ImplementingType;
        var shared = isOwn ? null : pages.SelectMany(p => p.Parameters).FirstOrDefault(p => p.Name == parameter)?.Description;
        var xml = Directory.GetFiles(Path.Combine(root, "src", "MidJourney", "bin"), "MidJourney.xml", SearchOption.AllDirectories).FirstOrDefault(f => f.Contains("net8.0", StringComparison.Ordinal));
        return shared ?? (xml is null ? null : XmlSummaries.Find(xml, command.ImplementingType, parameter)) ?? $"{CommandPage.FillIn} the description }}}}";
    }
}
