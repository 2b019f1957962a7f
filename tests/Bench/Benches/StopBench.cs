using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>How soon a busy pipeline ends when it is stopped.</summary>
internal sealed class StopBench : IBench
{
    private const int Limit = 32;

    public string Name => "stop";

    public async Task<Section> RunAsync(Setup setup)
    {
        var (tasks, rounds) = (setup.Pick(500, 50), setup.Pick(10, 3));
        var section = new Section(Name, "Ctrl+C", $"""
            {tasks} tasks that do not end, followed by an endless producer piped to `Invoke-MJUpscale`, are all piped to `Wait-MJTask`; every answer is delayed by 1 s
            (`Scripts/stop.ps1`, ThrottleLimit {Limit}). The pipeline is stopped as Ctrl+C stops it (`PowerShell.Stop`) while {Limit} requests are in flight. The time runs until
            the pipeline has ended. {rounds} rounds in one process.
            """);
        await using var emulator = await setup.StartEmulatorAsync("--answer-delay 1000 --duration 600");
        var times = (await emulator.RunScriptAsync("stop.ps1", $"-Tasks {tasks} -ThrottleLimit {Limit} -Rounds {rounds}")).All("stop");
        section.Figures.Add(new("from the stop to the end of the pipeline", $"{times.Median() * 1000:0} ms") { Goal = Goal.AtMost(times.Median(), 1, "1 s") });
        section.Figures.Add(new("… the slowest", $"{times.Max() * 1000:0} ms")
        {
            Headline = $"From Ctrl+C to the prompt with {Limit} requests in flight, the slowest of {rounds}",
            Goal = Goal.AtMost(times.Max(), 1, "1 s"),
        });
        return section;
    }
}
