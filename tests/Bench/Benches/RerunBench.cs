using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>The same pipeline again, when all of its jobs have finished.</summary>
internal sealed class RerunBench : IBench
{
    public string Name => "rerun";

    public async Task<Section> RunAsync(Setup setup)
    {
        var jobs = setup.Pick(10_000, 2_000);
        var section = new Section(Name, "The same command again", $"""
            `$rows | Invoke-MJUpscale | Wait-MJTask` with {jobs:N0} rows runs to its end (`Scripts/steady.ps1`, tasks of 50 ms). Then the same rows in other
            processes with the same journal
            (`Scripts/journal-rerun.ps1`); the emulator counts the requests. The median of {setup.Pick(3, 1)} runs.
            """);
        await using var emulator = await setup.StartEmulatorAsync("--duration 0.05");
        var journal = setup.Programs.NewJournal();
        var first = await emulator.RunScriptAsync("steady.ps1", $"-Count {jobs}", journal);
        if (first["tasks"] != jobs) throw new InvalidOperationException($"{first["tasks"]} of {jobs} jobs ended.");
        foreach (var wait in new[] { true, false })
        {
            var before = await emulator.CountsAsync();
            var runs = new List<Run>();
            for (var round = 0; round < setup.Pick(3, 1); round++)
                runs.Add(await emulator.RunScriptAsync("journal-rerun.ps1", $"-Count {jobs}{(wait ? " -Wait" : "")}", journal));
            if (runs.Any(r => r["known"] != jobs)) throw new InvalidOperationException($"Only {runs.Min(r => r["known"])} of {jobs} jobs were known.");
            var (after, took) = (await emulator.CountsAsync(), runs.Median("seconds"));
            var requests = after.Creates + after.Reads - before.Creates - before.Reads;
            section.Figures.Add(new(wait ? "`Invoke-MJUpscale | Wait-MJTask`" : "`Invoke-MJUpscale` alone", $"{took:0.00} s, {requests} requests",
                wait ? $"{first["seconds"]:0.0} s" : "")
            {
                Headline = wait ? $"Run a pipeline of {jobs:N0} finished jobs again (instead: submit and pay them again)" : null,
                Chart = wait ? new($"{jobs:N0} finished jobs again", $"{took:0.00} s", took, [new("paid again", first["seconds"])]) : null,
                Goal = Goal.All("≤ 3 s, 0 requests", Goal.AtMost(took, 3), Goal.AtMost(requests, 0)),
            });
        }
        return section;
    }
}
