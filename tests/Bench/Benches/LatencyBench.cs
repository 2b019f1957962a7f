using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>How near submits with slow answers come to the ideal.</summary>
internal sealed class LatencyBench : IBench
{
    private const int Count = 1000, Limit = 32;
    private const double AnswerTime = 0.1;

    public string Name => "latency";

    public async Task<Section> RunAsync(Setup setup)
    {
        var section = new Section(Name, "Submitting: latency", $"""
            {Count:N0} submits at ThrottleLimit {Limit} with {AnswerTime * 1000:0} ms added to every answer (`Scripts/latency.ps1`), {setup.Rounds} rounds in fresh processes. The
            ideal is {Count} / {Limit} × {AnswerTime * 1000:0} ms. *Warm*: after one submit in the same process, which is what the goals are held against; *cold*: the
            pipeline is the first thing the process does, so that the compiling of everything is in it.
            """);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, "--answer-delay 100");
        await AddAsync(setup, section, emulator, "warm", 1);
        await AddAsync(setup, section, emulator, "cold", 0);
        return section;
    }

    private static async Task AddAsync(Setup setup, Section section, EmulatorProcess emulator, string name, int warmUp)
    {
        var runs = new List<Run>();
        for (var round = 0; round < setup.Rounds; round++)
        {
            runs.Add(await ShellScript.RunAsync(setup, "latency.ps1", emulator.BaseUri, $"-Count {Count} -ThrottleLimit {Limit} -WarmUp {warmUp}"));
            await emulator.ResetAsync();
        }
        var isJudged = warmUp > 0;
        var (total, ideal, first) = (runs.Select(r => r["seconds"]).Median(), AnswerTime * Count / Limit, runs.Select(r => r["first"]).Median());
        section.Figures.Add(new($"{Count:N0} submits, {name}", $"{total:0.00} s", $"{ideal:0.00} s ideal", $"{total / ideal:0.00}",
            isJudged ? Verdict.AtMost(total / ideal, 1.15, "1.15") : Verdict.None));
        section.Figures.Add(new($"until the first task is out, {name}", $"{first * 1000:0} ms", $"{AnswerTime * 1000:0} ms answer", $"{first / AnswerTime:0.00}",
            isJudged ? Verdict.AtMost(first / AnswerTime, 1.5, "1.5") : Verdict.None));
    }
}
