using MidJourney.HelpTool;

namespace MidJourney.Tests;

/// <summary>The cmdlets, docs/&lt;Cmdlet&gt;.md and what Get-Help shows say the same. What to do when not: ./build.ps1 Docs.</summary>
public sealed class HelpTests
{
    private static readonly Lazy<string[]> Names = new(() =>
    {
        using var shell = new ModuleShell();
        return [.. CmdletHelp.Commands(shell).Select(c => c.Name).Order()];
    });

    public static TheoryData<string> Cmdlets => [.. Names.Value];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_its_page_and_its_help_say_the_same(string cmdlet)
    {
        Assert.True(File.Exists(CmdletHelp.FileOf(cmdlet)), $"{cmdlet} has no page. Run ./build.ps1 Docs, and fill in what it leaves open.");
        using var shell = new ModuleShell();
        var drift = HelpDrift.Find(CmdletHelp.Read(shell, cmdlet));
        Assert.True(drift.Count == 0, $"Run ./build.ps1 Docs, or correct the page:\n{string.Join('\n', drift)}");
    }

    [Fact]
    public void No_page_is_about_a_cmdlet_that_there_is_not() =>
        Assert.Equal(Names.Value, CmdletHelp.PageFiles.Select(f => Path.GetFileNameWithoutExtension(f)).Order());

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_page_is_complete_and_in_the_form_that_the_tool_writes(string cmdlet)
    {
        var text = File.ReadAllText(CmdletHelp.FileOf(cmdlet)).ReplaceLineEndings("\n");
        var page = CommandPage.Parse(text);
        Assert.Equal(page.Write(), text);
        Assert.DoesNotContain(CommandPage.FillIn, text, StringComparison.Ordinal);
        Assert.Equal(cmdlet, page.Name);
        foreach (var field in new[] { "document type: cmdlet", $"external help file: {Maml.FileName}", "Module Name: MidJourney", "PlatyPS schema version: 2024-05-01", $"title: {cmdlet}" })
            Assert.Contains(field, page.FrontMatter.Split('\n'));
        Assert.All([page.Synopsis, page.Description, page.Links, .. page.Parameters.Select(p => p.Description)], said => Assert.NotEqual("", said));
        Assert.All(page.Examples, example => Assert.NotEqual("", example.Remarks));
        Assert.InRange(page.Examples.Count, 3, 12);
    }

    [Fact]
    public void Lists_of_cmdlets_match_the_pages() =>
        Assert.All(CmdletLists.Write(Repository.Root), file => Assert.Equal(file.Value, File.ReadAllText(Path.Combine(Repository.Root, file.Key)).ReplaceLineEndings("\n")));

    [Fact]
    public void The_help_that_is_shipped_is_made_of_the_pages() => Assert.Equal(
        Maml.Write(CmdletHelp.PageFiles.Select(f => CommandPage.Parse(File.ReadAllText(f)))),
        File.ReadAllText(Path.Combine(Repository.Module, "en-US", Maml.FileName)));

    /// <summary>An address is not known before the project has a public one.</summary>
    [Fact]
    public void No_page_names_an_address_of_its_own()
    {
        foreach (var page in CmdletHelp.PageFiles.Select(f => CommandPage.Parse(File.ReadAllText(f))))
        {
            Assert.Contains("HelpUri: ''", page.FrontMatter.Split('\n'));
            Assert.DoesNotContain("://", page.FrontMatter, StringComparison.Ordinal);
            Assert.DoesNotContain("://", page.Links, StringComparison.Ordinal);
        }
    }

    /// <summary>Each of these, done to the page of Wait-MJTask, must be noticed.</summary>
    [Theory]
    [InlineData("Type: System.Int32", "Type: System.Int64", "Type of -TimeoutSec")]
    [InlineData("DefaultValue: 900", "DefaultValue: 600", "DefaultValue of -TimeoutSec")]
    [InlineData("- TaskId", "- Task", "Aliases of -Id")]
    [InlineData("Position: 0", "Position: 1", "ParameterSets of -Id")]
    [InlineData("IsRequired: true", "IsRequired: false", "ParameterSets of -Id")]
    [InlineData("ValueFromPipelineByPropertyName: true", "ValueFromPipelineByPropertyName: false", "ParameterSets of -Id")]
    [InlineData("### -Any", "### -First", "-First is no parameter")]
    [InlineData("### -Any", "### -First", "-Any is missing")]
    [InlineData("[-Any]", "[-Some]", "the syntax is")]
    [InlineData("### MidJourney.MJTask", "### System.String", "the output types are")]
    [InlineData("0: no limit.", "0: an error.", "help: the description of -TimeoutSec")]
    [InlineData("Takes any number", "Takes a number", "help: the description is")]
    [InlineData("Waits until tasks", "Waits for tasks", "help: the synopsis is")]
    [InlineData("-TimeoutSec 3600", "-TimeoutSec 7200", "help: the code of")]
    [InlineData("### Example 2: Wait", "### Example 2: Go on", "help: the title of")]
    [InlineData("Only the ID is", "Only the name is", "help: the text of")]
    [InlineData("PowerShell lets a cmdlet", "PowerShell lets no cmdlet", "help: the notes is")]
    public void What_changes_on_a_page_alone_is_noticed(string before, string after, string drift)
    {
        using var shell = new ModuleShell();
        var real = CmdletHelp.Read(shell, "Wait-MJTask");
        var text = File.ReadAllText(CmdletHelp.FileOf("Wait-MJTask")).ReplaceLineEndings("\n");
        var at = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The page does not hold '{before}'.");
        var changed = real with { Page = CommandPage.Parse(text[..at] + after + text[(at + before.Length)..]) };
        Assert.Contains(HelpDrift.Find(changed), found => found.Contains(drift, StringComparison.Ordinal));
    }

    /// <summary>Each of these, done to the help of Wait-MJTask, must be noticed without the page.</summary>
    [Theory]
    [InlineData("-TimeoutSec", "defaultValue", "600", "the default of -TimeoutSec")]
    [InlineData("-Id", "aliases", "none", "the aliases of -Id")]
    [InlineData("-Id", "position", "named", "the position of -Id")]
    [InlineData("-Id", "required", "false", "the requirement of -Id")]
    [InlineData("-Id", "pipelineInput", "False", "the pipeline binding of -Id")]
    [InlineData("-Any", "name", "First", "-Any is missing")]
    [InlineData("-Any", "name", "First", "-First is no parameter")]
    public void What_changes_in_the_help_alone_is_noticed(string parameter, string property, string value, string drift)
    {
        using var shell = new ModuleShell();
        var help = CmdletHelp.Read(shell, "Wait-MJTask");
        Assert.Empty(HelpDrift.HelpAndCommand(help));
        var changed = shell.Run($"($help.parameters.parameter | Where-Object Name -eq '{parameter[1..]}').{property} = '{value}'", ("help", help.Help));
        changed.MustSucceed();
        Assert.Contains(HelpDrift.HelpAndCommand(help), found => found.Contains(drift, StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_cmdlet_gets_a_page_in_which_only_words_are_missing()
    {
        using var shell = new ModuleShell();
        var command = CmdletHelp.Commands(shell).Single(c => c.Name == "Save-MJOutput");
        var page = new CommandReader((_, parameter) => $"About {parameter}.").Refresh(command, page: null);
        Assert.Equal(page.Write(), CommandPage.Parse(page.Write()).Write());
        Assert.Equal(3, page.Examples.Count);
        Assert.Contains(page.Parameters, p => p is { Name: "ThrottleLimit", Description: "About ThrottleLimit.", DefaultValue: "8" });
    }
}
