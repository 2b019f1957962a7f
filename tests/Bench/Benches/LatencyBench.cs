using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>How close submitting comes to the ideal when answers are slow.</summary>
internal sealed class LatencyBench : IBench
{
    private const int Count = 1000, Limit = 32;
    private const double AnswerTime = 0.1;

    public string Name => "latency";

    public async Task<Section> RunAsync(Setup setup)
    {
        var section = new Section(Name, "Submitting: latency", $"""
            {Count:N0} rows at ThrottleLimit {Limit}; the emulator delays every answer by {AnswerTime * 1000:0} ms (`Scripts/latency.ps1`). {setup.Rounds} rounds, each in a new process.
            *Limit*: {Count:N0} / {Limit} × {AnswerTime * 1000:0} ms. *Warm*: after one submission in the same process; the goals apply to it. *Cold*: the pipeline is the first
            thing that the process does, so the time includes just-in-time compilation.
            """);
        await using var emulator = await setup.StartEmulatorAsync("--answer-delay 100");
        await AddAsync(setup, section, emulator, "warm", 1);
        await AddAsync(setup, section, emulator, "cold", 0);
        return section;
    }

    private static async Task AddAsync(Setup setup, Section section, EmulatorProcess emulator, string name, int warmUp)
    {
        var runs = new List<Run>();
        for (var round = 0; round < setup.Rounds; round++)
        {
            runs.Add(await emulator.RunScriptAsync("latency.ps1", $"-Count {Count} -ThrottleLimit {Limit} -WarmUp {warmUp}"));
            await emulator.ResetAsync();
        }
        var isWarm = warmUp > 0;
        var (total, ideal, first) = (runs.Median("seconds"), AnswerTime * Count / Limit, runs.Median("first"));
        section.Figures.Add(new($"{Count:N0} rows, {name}", $"{total:0.00} s", "", $"{total / ideal:0.00} of the limit")
        {
            Limit = $"{ideal:0.00} s",
            Headline = isWarm ? $"Submit {Count:N0} rows, {Limit} at a time, when each answer takes {AnswerTime * 1000:0} ms" : null,
            Goal = isWarm ? Goal.AtMost(total / ideal, 1.10, "1.10") : Goal.None,
            Reason = "Some milliseconds pass between an answer and the next request of its slot: the answer is read, the journal is asked, and the next line is on the disk before the request leaves.",
        });
        section.Figures.Add(new($"first task returned, {name}", $"{first * 1000:0} ms", "", $"{first / AnswerTime:0.00}")
        {
            Limit = $"{AnswerTime * 1000:0} ms",
            Goal = isWarm ? Goal.AtMost(first / AnswerTime, 1.5, "1.5") : Goal.None,
        });
    }
}
