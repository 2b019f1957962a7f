using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>
/// Whole runs whose files can be written no further. A disk cannot be filled without rights on the machine, so the kernel
/// is told to refuse what makes a file longer than a limit: the part that fits is written, the rest fails.
/// </summary>
public sealed class FullDiskRunTests
{
    private const int Jobs = 100;

    private static readonly string Rows = $"1..{Jobs} | ForEach-Object {{ [pscustomobject] @{{ JobId = \"j$_\"; ImageNo = 0; Type = 0 }} }}";

    private readonly string _journal = TestFolder.NewFile(".jsonl");

    [LinuxTheory]
    [InlineData(0)]
    [InlineData(16)]
    public async Task A_journal_that_cannot_grow_stops_the_command_and_forgets_nothing(int kibibytes)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var shown = await ShellProcess.RunLimitedAsync(kibibytes, $$"""
            foreach ($run in 'out', 'again') {
                try { {{Rows}} | Invoke-MJUpscale -ErrorAction SilentlyContinue -ErrorVariable problems | Wait-MJTask | ForEach-Object { "<$run $($_.Id)>" } } catch { $problems = @($_) }
                $problems | ForEach-Object { "<error $($_.FullyQualifiedErrorId.Split(',')[0])> $_" }
            }
            Get-MJTask -ErrorAction SilentlyContinue | Where-Object Status -ne OutcomeUnknown | ForEach-Object { "<listed $($_.Id)>" }
            """, gateway.BaseUri, _journal);
        var ids = gateway.Tasks.Select(t => t.Id).Order().ToArray();
        Assert.Equal(kibibytes < 16, ids.Length == 0);
        Assert.InRange(ids.Length, 0, Jobs - 1);
        Assert.Empty(gateway.MadeTwice);
        // What was paid comes out, is known as long as the process lives, and every run says once why it stopped.
        foreach (var what in new[] { "out", "again", "listed" }) Assert.True(ids.SequenceEqual(Shown(shown, what)), $"{what}: not {string.Join(' ', ids)}\n{shown}");
        Assert.Equal(["MJ.JournalUnavailable", "MJ.JournalUnavailable"], Shown(shown, "error"));
        // What there was room for is whole, and of use to whoever comes next.
        Assert.InRange(new FileInfo(_journal).Length, 0, kibibytes * 1024);
        Assert.True(File.ReadAllText(_journal) is "" || File.ReadAllText(_journal).EndsWith('\n'));
        if (kibibytes == 0) return;
        using var shell = new ModuleShell();
        CreateRun.Connect(shell, gateway.BaseUri, _journal);
        var rest = shell.Run($"{Rows} | Invoke-MJUpscale");
        Assert.Empty(gateway.MadeTwice);
        Assert.All(rest.ErrorIds, id => Assert.Equal("MJ.SubmitOutcomeUnknown", id));
        // What was claimed, and then could not be written down any further, is in doubt, whether it was made or not.
        Assert.Equal(Jobs, rest.Output.Count + rest.Errors.Count);
        Assert.InRange(gateway.Tasks.Count, rest.Output.Count, Jobs);
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
}
