using System.Globalization;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>How far the pipeline is read ahead of what comes out of it.</summary>
internal sealed class BackpressureBench : IBench
{
    private const int Taken = 5;

    public string Name => "backpressure";

    public async Task<Section> RunAsync(Setup setup)
    {
        var section = new Section(Name, "Submitting: back-pressure", $"""
            An endless producer before `Invoke-MJUpscale`. First, what follows it takes {Taken} tasks and breaks off, as `Select-Object -First {Taken}` does
            (`Scripts/break.ps1`, 50 ms an answer): the creates are counted by the emulator, the most of three rounds. Second, what follows takes 5 ms over each task
            (`Scripts/slow-consumer.ps1`, ThrottleLimit 16): managed memory after a full collection every 100 tasks.
            """);
        foreach (var limit in new[] { 16, 64 }) section.Figures.Add(await BreakAsync(setup, limit));
        await AddSlowConsumerAsync(setup, section);
        return section;
    }

    private static async Task<Figure> BreakAsync(Setup setup, int limit)
    {
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, "--answer-delay 50");
        var most = 0L;
        for (var round = 0; round < setup.Pick(3, 1); round++)
        {
            await ShellScript.RunAsync(setup, "break.ps1", emulator.BaseUri, $"-ThrottleLimit {limit}");
            most = Math.Max(most, (await emulator.CountsAsync()).Creates);
            await emulator.ResetAsync();
        }
        return new($"creates when {Taken} are taken, ThrottleLimit {limit}", $"{most}", $"{Taken} + {limit}", $"{(double)most / (Taken + limit):0.00}",
            Verdict.AtMost(most, Taken + limit, $"{Taken + limit}"));
    }

    private static async Task AddSlowConsumerAsync(Setup setup, Section section)
    {
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs);
        var count = setup.Pick(2000, 400);
        var run = await ShellScript.RunAsync(setup, "slow-consumer.ps1", emulator.BaseUri, $"-ThrottleLimit 16 -Count {count}");
        var memory = run.Values.Where(v => v.Key.StartsWith("memory", StringComparison.Ordinal)).Select(v => double.Parse(v.Value, CultureInfo.InvariantCulture)).ToArray();
        // The engine itself still grows while its first records pass.
        var growth = memory[^1] - memory[1];
        section.Figures.Add(new("records read ahead of a slow consumer", $"{run["ahead"]}", "ThrottleLimit 16", $"{run["ahead"] / 16:0.0}", Verdict.AtMost(run["ahead"], 3 * 16, "3 × ThrottleLimit")));
        section.Figures.Add(new($"managed memory, from task 200 to {count}", $"{memory[^1] / 1e6:0.00} MB", $"{memory[1] / 1e6:0.00} MB", $"{memory[^1] / memory[1]:0.00}",
            Verdict.AtMost(growth, 0.05 * memory[1], "1.05 (flat)"))
        {
            Why = "the session remembers its last 1,000 tasks (completion of ids, a warning when a job id stands for a task id), and of every task that it made the id, to notice one that comes twice.",
        });
    }
}
