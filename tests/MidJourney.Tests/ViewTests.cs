using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MidJourney.Tests;

/// <summary>What a user sees on a screen of 80 columns.</summary>
public sealed partial class ViewTests
{
    private const int Columns = 80;

    /// <summary>Shows every type in each of its views, under a line that names them.</summary>
    private const string ShowAll = """
        $job = '5d3c9b1e-0a52-4c1e-9d77-0c8f3f0b2a11'
        $tasks = @(
            Invoke-MJUpscale $job -ImageNo 0 -Type V5_2x -Wait
            Invoke-MJUpscale bad -ImageNo 1 -Type Creative -Wait -ErrorAction SilentlyContinue
            Invoke-MJUpscale slow -ImageNo 2 -Type Standard | Get-MJTask)
        $dead = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($tasks))
        $lost = Get-MJTask -Status OutcomeUnknown
        $files = $tasks[0] | Save-MJOutput -Path $folder
        '## task'; $tasks | Out-Default
        '## dead'; $dead | Out-Default
        '## file'; $files | Out-Default
        '## cost'; Measure-MJCost -By Type | Out-Default
        '## session'; Get-MJSession | Out-Default
        '## end'

        """;

    [Fact]
    public async Task Every_table_fits_and_is_readable()
    {
        var shown = await ShowAsync(ShowAll, hasColors: false);
        Assert.All(shown.Split('\n'), line => Assert.True(line.TrimEnd('\r').Length <= Columns, line));
        Assert.DoesNotContain("\x1b", shown, StringComparison.Ordinal);
        foreach (var section in new[] { "task", "dead" })
        {
            var rows = Rows(shown, section);
            Assert.Matches(@"^Id +Status +Done Type +SourceJob +Img +Age +Cost$", rows[0]);
            Assert.Matches(@"^\w{20} Completed +100% V5_2x +5d3c9b1e. +0 +\d+s  \$0\.050$", rows[2]);
            Assert.Matches(@"^\w{20} Failed +Creative bad +1 +\d+s *$", rows[3]);
            Assert.Matches(@"^\w{20} InProgress +\d+% Standard slow +2 +\d+s *$", rows[4]);
        }
        var file = Rows(shown, "file");
        Assert.Matches("^Folder: ", file[0].Trim());
        Assert.Matches("^Task +State +Size Name$", file[1]);
        Assert.Matches(@"^\w{20} saved +2\.0 MB 5d3c9b1e-0a52-4c1e-", file[3]);
        Assert.Matches(@"^Group +Tasks Failed +Open Unpriced +Mean +Cost$", Rows(shown, "cost")[0]);
        Assert.Matches(@"^V5_2x +1 +0 +0 +0 +\$0\.050 +\$0\.050$", Rows(shown, "cost").Last());
        Assert.Contains(Rows(shown, "session"), row => Regex.IsMatch(row, @"^Accepted +: 3$"));
    }

    [Fact]
    public async Task The_status_is_coloured_where_the_screen_can()
    {
        var shown = await ShowAsync("""
            Invoke-MJUpscale good -ImageNo 0 -Type V5_2x -Wait
            Invoke-MJUpscale bad -ImageNo 1 -Type Creative -Wait -ErrorAction SilentlyContinue
            """, hasColors: true);
        Assert.Contains("\x1b[32mCompleted\x1b[0m", shown, StringComparison.Ordinal);
        Assert.Contains("\x1b[31;1mFailed\x1b[0m", shown, StringComparison.Ordinal);
        Assert.All(shown.Split('\n'), line => Assert.True(Escape().Replace(line, "").TrimEnd('\r').Length <= Columns, line));
        // The columns behind a coloured one stand where they stand without colours.
        var rows = shown.Split('\n').Where(l => l.Contains("Completed", StringComparison.Ordinal) || l.Contains("Failed", StringComparison.Ordinal)).Select(l => Escape().Replace(l, "")).ToArray();
        Assert.Equal(rows[0].IndexOf("V5_2x", StringComparison.Ordinal), rows[1].IndexOf("Creative", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_PSStyle_or_colours_the_status_is_plain()
    {
        using var shell = new ModuleShell();
        foreach (var screen in new[] { "$null, $true", "$PSStyle, $false", "[pscustomobject] @{ OutputRendering = 'PlainText' }, $true" })
            Assert.Equal("Failed", shell.Run($"[MidJourney.ViewText]::Status([pscustomobject] @{{ Status = 'Failed' }}, {screen})").MustSucceed().Output.Single().ToString());
    }

    public static TheoryData<string, object?, string?> Values => new()
    {
        { "Money", 0.05m, "$0.050" },
        { "Money", "0.0025", "$0.0025" },
        { "Money", 12345.6, "$12,345.600" },
        { "Money", "", null },
        { "Money", null, null },
        { "Size", 999L, "999 B" },
        { "Size", 1536L, "1.5 kB" },
        { "Size", 2_000_000L, "2.0 MB" },
        { "Size", 5L << 30, "5.4 GB" },
        { "Percent", 0.996, "99%" },
        { "Percent", 1.0, "100%" },
        { "Percent", null, null },
        { "Age", DateTimeOffset.UtcNow.AddHours(-3.5), "3h" },
        { "Age", DateTimeOffset.UtcNow.AddDays(-400).UtcDateTime, "400d" },
        { "Age", DateTimeOffset.UtcNow.AddHours(1), "0s" },
        { "Age", null, null },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Money_sizes_and_ages_are_readable(string method, object? value, string? expected)
    {
        var view = Assembly.LoadFrom(Path.Combine(Repository.Module, "bin", "net8.0", "MidJourney.dll")).GetType("MidJourney.ViewText", throwOnError: true)!;
        Assert.Equal(expected, view.GetMethod(method)!.Invoke(null, [value]));
    }

    [Fact]
    public async Task Every_type_has_a_table_a_list_and_a_wide_view_of_what_it_has()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { ImageBytes = 1000 };
        using var shell = ModuleShell.For(gateway);
        var made = shell.Run("""
            $task = Invoke-MJUpscale j -ImageNo 0 -Type 1 -Wait
            $task
            [MidJourney.MJSubmission] @{ Model = 'm'; Parameters = [System.Collections.Generic.KeyValuePair[string, object][]] @([System.Collections.Generic.KeyValuePair[string, object]]::new('jobId', 'j')); SourceJobId = 'j' }
            Get-MJSession
            $task | Measure-MJCost
            $task | Save-MJOutput -Path $folder
            """, ("folder", TestFolder.NewFile(""))).MustSucceed().Output;
        foreach (var (type, item) in new[] { "MJTask", "MJSubmission", "MJSession", "MJCost", "SavedFile" }.Zip(made)) CheckViews(shell, type, item);
    }

    private static void CheckViews(ModuleShell shell, string type, PSObject item)
    {
        var views = XDocument.Load(Path.Combine(Repository.Module, "MidJourney.Format.ps1xml")).Descendants("View")
            .Where(v => v.Descendants("TypeName").Select(t => t.Value).SequenceEqual([$"MidJourney.{type}", $"Deserialized.MidJourney.{type}"])).ToArray();
        Assert.Equal(["List", "Table", "Wide"], views.Select(v => v.Element("Name")!.Value.Split('.')[^1]).Order());
        Assert.Contains($"MidJourney.{type}", item.TypeNames);
        foreach (var property in views.Descendants("PropertyName").Select(p => p.Value)) Assert.True(item.Properties[property] is not null, $"{type} has no {property}.");
        foreach (var text in views.Descendants("ScriptBlock").Select(p => p.Value).Distinct())
            shell.Run($"Set-StrictMode -Version Latest; $null = $item | ForEach-Object {{ {text} }}", ("item", item)).MustSucceed();
    }

    private static string[] Rows(string shown, string section)
    {
        var start = shown.IndexOf($"## {section}", StringComparison.Ordinal);
        var end = shown.IndexOf("\n## ", start, StringComparison.Ordinal);
        return [.. shown[start..end].Split('\n').Skip(1).Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0)];
    }

    private static async Task<string> ShowAsync(string script, bool hasColors)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { ImageBytes = 2_000_000 };
        gateway.Shapes.Set("bad", new TaskShape { Failure = TaskFailure.GenerationFailed });
        gateway.Shapes.Set("slow", new TaskShape { Duration = TaskDuration.Never });
        var folder = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        return await ShellProcess.ShowAsync($"$folder = '{folder}'\n{script}", gateway.BaseUri, TestFolder.NewFile(".jsonl"), hasColors);
    }

    [GeneratedRegex("\x1b\\[[0-9;]*m")]
    private static partial Regex Escape();
}
