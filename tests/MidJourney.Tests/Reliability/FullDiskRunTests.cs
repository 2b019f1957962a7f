using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>
/// Whole runs whose files can be written no further. A disk cannot be filled without rights on the machine, so the kernel
/// is told to refuse what makes a file longer than a limit: the part that fits is written, the rest fails.
/// </summary>
public sealed partial class FullDiskRunTests
{
    private const int Jobs = 100;

    private static readonly string Rows = $"1..{Jobs} | ForEach-Object {{ [pscustomobject] @{{ JobId = \"j$_\"; ImageNo = 0; Type = 0 }} }}";

    private readonly string _journal = TestFolder.NewFile(".jsonl");

    [LinuxTheory]
    [InlineData(0)]
    [InlineData(16)]
    public async Task A_journal_that_cannot_grow_costs_one_warning_and_no_work(int kibibytes)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var shown = await ShellProcess.RunLimitedAsync(kibibytes, $$"""
            {{Rows}} | Invoke-MJUpscale | Wait-MJTask | ForEach-Object { "<out $($_.SourceJobId)>" }
            {{Rows}} | Invoke-MJUpscale -SkipSubmitted | ForEach-Object { "<again $($_.Id)>" }
            Get-MJTask | ForEach-Object { "<listed $($_.Id)>" }
            "<errors $($Error.Count)>"
            """, gateway.BaseUri, _journal);
        Assert.Equal(Enumerable.Range(1, Jobs).Select(n => $"j{n}").Order(), Shown(shown, "out"));
        var ids = gateway.Tasks.Select(t => t.Id).Order().ToArray();
        Assert.Equal(Jobs, ids.Length);
        // Nothing is paid twice, and nothing is forgotten, as long as the process lives.
        Assert.Equal(ids, Shown(shown, "again"));
        Assert.Equal(ids, Shown(shown, "listed"));
        Assert.Equal(["0"], Shown(shown, "errors"));
        Assert.Single(JournalWarning().Matches(shown));
        // What there was room for is whole, and of use to whoever comes next.
        Assert.InRange(new FileInfo(_journal).Length, 0, kibibytes * 1024);
        Assert.True(File.ReadAllText(_journal) is "" || File.ReadAllText(_journal).EndsWith('\n'));
        var known = Journal.Read(_journal).Where(l => l.GetProperty("event").GetString() == "created").Select(l => l.GetProperty("taskId").GetString()!).ToArray();
        Assert.Equal(kibibytes < 16, known.Length == 0);
        Assert.Subset(ids.ToHashSet(), known.ToHashSet());
    }

    [LinuxTheory]
    [InlineData(2048)]
    public async Task A_file_that_cannot_be_written_whole_is_an_error_leaves_nothing_and_the_rest_are_saved(int kibibytes)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Set("big", new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.FromMilliseconds(20)), ImageBytes = 3 << 20 });
        var folder = TestFolder.NewFile("");
        var shown = await ShellProcess.RunLimitedAsync(kibibytes, $$"""
            'small1', 'big', 'small2' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 0; Type = 0 } } |
                Invoke-MJUpscale | Wait-MJTask | Save-MJOutput '{{folder}}' -ErrorAction SilentlyContinue -ErrorVariable problems | ForEach-Object { "<saved $($_.SourceJobId)>" }
            $problems | ForEach-Object { "<error $($_.FullyQualifiedErrorId.Split(',')[0]) $($_.TargetObject.SourceJobId)>" }
            """, gateway.BaseUri, _journal);
        Assert.Equal(["small1", "small2"], Shown(shown, "saved"));
        Assert.Equal(["MJ.FileNotWritten big"], Shown(shown, "error"));
        Assert.Equal(["small1_0_Standard_0.png", "small2_0_Standard_0.png"], Directory.GetFiles(folder).Select(Path.GetFileName).Where(f => f != ".midjourney-saved.jsonl").Order());
        Assert.Equal(3, gateway.Counts.TasksMade);
        // No room is no reason to download it again and again.
        Assert.Equal(3, gateway.Counts.Files);
    }

    private static string[] Shown(string screen, string what) => [.. Regex.Matches(screen, $"<{what} ([^>]*)>").Select(m => m.Groups[1].Value).Order()];

    [GeneratedRegex("The journal .* cannot be written")]
    private static partial Regex JournalWarning();
}
