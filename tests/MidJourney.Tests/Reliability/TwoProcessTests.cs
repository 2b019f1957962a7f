using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>The same script, run twice at once: one journal, two writers.</summary>
public sealed class TwoProcessTests
{
    private const int Jobs = 20;

    private readonly string _journal = TestFolder.NewFile(".jsonl");

    [Fact]
    public async Task Two_processes_at_once_share_a_journal_and_make_nothing_twice()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Settings.AnswerDelay = TimeSpan.FromMilliseconds(5);
        // Each is sent at least once more, and by then the other process has long asked for it.
        for (var job = 1; job <= Jobs; job++) gateway.Faults.Add(new Fault { Operation = Operation.Create, JobId = $"j{job}", Kind = FaultKind.Status, Status = 429, Times = 1 });
        var script = $$"""
            1..{{Jobs}} | ForEach-Object { [pscustomobject] @{ JobId = "j$_"; ImageNo = 0; Type = 0 } } |
                Invoke-MJUpscale -ErrorAction SilentlyContinue -ErrorVariable doubtful | ForEach-Object { "<task $($_.Id)>" }
            $doubtful | ForEach-Object { "<doubt $($_.FullyQualifiedErrorId.Split(',')[0])>" }
            """;
        var screens = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ShellProcess.RunAsync(script, gateway.BaseUri, _journal, "-ThrottleLimit 4")));
        Assert.Equal((2 * Jobs, Jobs), ((int)gateway.Counts.Creates, gateway.Tasks.Count));
        Assert.Empty(gateway.MadeTwice);
        var ids = gateway.Tasks.Select(t => t.Id).ToHashSet();
        foreach (var screen in screens)
        {
            // What the other one has sent is waited for, and in doubt only where that takes too long.
            var (tasks, doubts) = (Shown(screen, "task"), Shown(screen, "doubt"));
            Assert.Equal(Jobs, tasks.Length + doubts.Length);
            Assert.Subset(ids, tasks.ToHashSet());
            Assert.All(doubts, id => Assert.Equal("MJ.SubmitOutcomeUnknown", id));
        }
        Assert.Equal(2 * Jobs, Journal.Events(_journal).Count(e => e == "submitting"));
        Assert.Equal(ids.Order(), Journal.Read(_journal).Where(l => l.GetProperty("event").GetString() == "created").Select(l => l.GetProperty("taskId").GetString()!).Order());
    }

    private static string[] Shown(string screen, string what) => [.. Regex.Matches(screen, $"<{what} ([^>]*)>").Select(m => m.Groups[1].Value)];
}
