using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>The about topics: that every console shows them, and that what they name exists.</summary>
public sealed partial class HelpTopicTests
{
    public static TheoryData<string> Topics => [.. HelpTopics.Files.Select(HelpTopics.NameOf)];

    [Fact]
    public void There_is_a_topic_for_each_thing_to_know() => Assert.Equal(
        ["about_MidJourney", "about_MidJourney_Automation", "about_MidJourney_Errors", "about_MidJourney_Sessions", "about_MidJourney_Waiting"],
        HelpTopics.Files.Select(HelpTopics.NameOf));

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_topic_can_be_read_in_every_console(string topic)
    {
        var lines = Text(topic).Split('\n');
        Assert.Equal(["TOPIC", $"    {topic}"], lines[..2]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        // Windows PowerShell takes the file for text of the system's code page.
        Assert.All(Text(topic), letter => Assert.InRange(letter, '\n', '~'));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void What_a_topic_points_to_is_there(string topic)
    {
        using var shell = new ModuleShell();
        var known = CmdletHelp.Commands(shell).Select(c => c.Name).Concat(HelpTopics.Files.Select(HelpTopics.NameOf)).ToList();
        var links = Text(topic).Split("SEE ALSO\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.All(links, link => Assert.Contains(link, known));
        Assert.DoesNotContain(topic, links);
    }

    [Fact]
    public void Docs_name_only_errors_that_there_are()
    {
        using var shell = new ModuleShell();
        var ids = shell.Run("""
            $assemblies = [AppDomain]::CurrentDomain.GetAssemblies()
            $assemblies | ForEach-Object { $_.GetType('MidJourney.GatewayErrorKind') } | Where-Object { $_ } | ForEach-Object { [enum]::GetNames($_) }
            $assemblies | ForEach-Object { $_.GetType('MidJourney.ErrorIds') } | Where-Object { $_ } | ForEach-Object { $_.GetFields().GetRawConstantValue() -replace '^MJ\.' }
            """).MustSucceed().Output.Select(o => o.ToString()).ToHashSet();
        Assert.Contains("WaitTimeout", ids);
        Assert.Contains("NoSession", ids);
        var guides = Path.Combine(Repository.Root, "docs", "guides");
        foreach (var file in HelpTopics.Files.Concat(CmdletHelp.PageFiles).Concat(Directory.Exists(guides) ? Directory.GetFiles(guides) : []))
            foreach (Match named in ErrorId().Matches(File.ReadAllText(file)))
                Assert.True(ids.Contains(named.Groups[1].Value), $"{Path.GetFileName(file)} names {named.Value}, which is no error.");
    }

    private static string Text(string topic) => File.ReadAllText(HelpTopics.Files.Single(f => HelpTopics.NameOf(f) == topic)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"\bMJ\.([A-Z]\w+)")]
    private static partial Regex ErrorId();
}
