using System.Globalization;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>How soon a pipeline ends when it is stopped in the middle of its work.</summary>
internal sealed class StopBench : IBench
{
    private const int Limit = 32;

    public string Name => "stop";

    public async Task<Section> RunAsync(Setup setup)
    {
        var (tasks, rounds) = (setup.Pick(500, 50), setup.Pick(10, 3));
        var section = new Section(Name, "Ctrl+C", $"""
            {tasks} tasks that do not end and an endless producer before `Invoke-MJUpscale`, all of it before `Wait-MJTask`, with 1 s added to every answer
            (`Scripts/stop.ps1`, ThrottleLimit {Limit}). It is stopped as Ctrl+C does it (`PowerShell.Stop`) while {Limit} requests are in flight, and timed until it
            has ended. {rounds} rounds in one process.
            """);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, "--answer-delay 1000 --duration 600");
        var run = await ShellScript.RunAsync(setup, "stop.ps1", emulator.BaseUri, $"-Tasks {tasks} -ThrottleLimit {Limit} -Rounds {rounds}");
        var took = run.Values.Where(v => v.Key.StartsWith("stop", StringComparison.Ordinal)).Select(v => double.Parse(v.Value, CultureInfo.InvariantCulture)).ToArray();
        section.Figures.Add(new("until a stopped pipeline has ended", $"{took.Median() * 1000:0} ms", "", "", Verdict.AtMost(took.Median(), 1, "1 s")));
        section.Figures.Add(new("… the slowest", $"{took.Max() * 1000:0} ms", "", "", Verdict.AtMost(took.Max(), 1, "1 s")));
        return section;
    }
}
