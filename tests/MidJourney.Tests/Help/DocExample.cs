using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using MidJourney.HelpTool;

namespace MidJourney.Tests;

/// <summary>
/// What a reader of the docs would run: an example of a page, a block of an about topic, or a guide's blocks one after the other.
/// </summary>
internal sealed partial record DocExample(string Name, string Code)
{
    public static readonly IReadOnlyList<DocExample> All = [.. OfPages(), .. OfTopics(), .. OfGuides()];

    /// <summary>They take another process or machine.</summary>
    private static readonly string[] BeyondOneProcess = ["Start-Job", "Invoke-Command"];

    /// <summary>The commands it calls.</summary>
    public IEnumerable<CommandAst> Calls => Parse().FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>();

    public ScriptBlockAst Parse()
    {
        var ast = Parser.ParseInput(Code, out _, out var errors);
        Assert.True(errors.Length == 0, $"{Name}: {string.Join(' ', errors.Select(e => e.Message))}");
        return ast;
    }

    /// <summary>What it calls and the shell does not have; the Pester suite runs those.</summary>
    public string[] Missing(ModuleShell shell)
    {
        var own = Parse().FindAll(ast => ast is FunctionDefinitionAst, true).Cast<FunctionDefinitionAst>().Select(f => f.Name);
        return [.. Calls.Select(c => c.GetCommandName()).OfType<string>().Except(own).Distinct()
            .Where(name => BeyondOneProcess.Contains(name) || shell.Run($"Get-Command {name} -ErrorAction Ignore").Output.Count == 0)];
    }

    private static IEnumerable<DocExample> OfPages() => CmdletHelp.PageFiles.Order().Select(f => CommandPage.Parse(File.ReadAllText(f)))
        .SelectMany(page => page.Examples.Select(example => new DocExample($"{page.Name}, {example.Title}", example.Code)));

    /// <summary>In a topic, code is what is indented by eight.</summary>
    private static IEnumerable<DocExample> OfTopics() => HelpTopics.Files.SelectMany(file =>
        IndentedBlock().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")).Select((m, n) => new DocExample($"{HelpTopics.NameOf(file)}, block {n + 1}", m.Value)));

    private static IEnumerable<DocExample> OfGuides()
    {
        var folder = Path.Combine(Repository.Root, "docs", "guides");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.md").Order().Select(file => new DocExample($"guide {Path.GetFileNameWithoutExtension(file)}", Blocks(file))) : [];
    }

    private static string Blocks(string file) =>
        string.Join("\n", PowerShellBlock().Matches(File.ReadAllText(file).ReplaceLineEndings("\n")).Select(m => m.Groups[1].Value));

    [GeneratedRegex(@"(?:^ {8,}\S.*\n)+", RegexOptions.Multiline)]
    private static partial Regex IndentedBlock();

    [GeneratedRegex(@"^```powershell\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex PowerShellBlock();
}
