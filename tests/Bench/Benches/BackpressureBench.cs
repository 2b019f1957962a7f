using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>How far a cmdlet reads ahead of what its consumer takes.</summary>
internal sealed class BackpressureBench : IBench
{
    private const int Taken = 5, Limit = 16;

    public string Name => "backpressure";

    public async Task<Section> RunAsync(Setup setup)
    {
        var section = new Section(Name, "Submitting: back-pressure", $"""
            An endless producer is piped to `Invoke-MJUpscale`. First, the consumer takes {Taken} tasks and stops, like `Select-Object -First {Taken}`
            (`Scripts/break.ps1`, 50 ms per answer): the emulator counts the creates; the table shows the maximum of three rounds. Second, the consumer needs
            5 ms per task (`Scripts/slow-consumer.ps1`, ThrottleLimit {Limit}).
            """);
        foreach (var limit in new[] { 16, 64 }) section.Figures.Add(await BreakAsync(setup, limit));
        await AddSlowConsumerAsync(setup, section);
        return section;
    }

    private static async Task<Figure> BreakAsync(Setup setup, int limit)
    {
        await using var emulator = await setup.StartEmulatorAsync("--answer-delay 50");
        var creates = 0L;
        for (var round = 0; round < setup.Pick(3, 1); round++)
        {
            await emulator.RunScriptAsync("break.ps1", $"-ThrottleLimit {limit}");
            creates = Math.Max(creates, (await emulator.CountsAsync()).Creates);
            await emulator.ResetAsync();
        }
        return new($"creates when {Taken} tasks are taken, ThrottleLimit {limit}", $"{creates}", $"{Taken} + {limit}", $"{(double)creates / (Taken + limit):0.00}")
        {
            Goal = Goal.AtMost(creates, Taken + limit, $"{Taken + limit}"),
        };
    }

    private static async Task AddSlowConsumerAsync(Setup setup, Section section)
    {
        await using var emulator = await setup.StartEmulatorAsync();
        var run = await emulator.RunScriptAsync("slow-consumer.ps1", $"-ThrottleLimit {Limit} -Count 400");
        section.Figures.Add(new("records read ahead of a slow consumer", $"{run["ahead"]}", $"ThrottleLimit {Limit}", $"{run["ahead"] / Limit:0.0}")
        {
            Goal = Goal.AtMost(run["ahead"], 3 * Limit, "3 × ThrottleLimit"),
        });
    }
}
