using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Submit and wait in one pipeline while the gateway limits the number of unfinished tasks.</summary>
internal sealed class SteadyBench : IBench
{
    private const double TaskTime = 2;
    private const int Outstanding = 500;

    public string Name => "steady";

    public async Task<Section> RunAsync(Setup setup)
    {
        var count = setup.Pick(10_000, 2_000);
        var ideal = TaskTime * count / Outstanding;
        var section = new Section(Name, "Submit and wait at a limit of unfinished tasks", $"""
            `$rows | Invoke-MJUpscale | Wait-MJTask` with {count:N0} rows and tasks of {TaskTime:0} s. With `--max-outstanding {Outstanding}`, the emulator answers further creates with 429
            (`Scripts/steady.ps1`, ThrottleLimit 16). The ideal is {count:N0} / {Outstanding} × {TaskTime:0} s. One run.
            """);
        await using var emulator = await setup.StartEmulatorAsync($"--duration {TaskTime:0} --max-outstanding {Outstanding}");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(ideal * 6));
        try
        {
            var run = await emulator.RunScriptAsync("steady.ps1", $"-Count {count}", stop: stop.Token);
            Add(section, count, ideal, run, await emulator.CountsAsync());
        }
        catch (OperationCanceledException)
        {
            var made = (await emulator.CountsAsync()).TasksMade;
            section.Figures.Add(new($"{count:N0} jobs", $"not finished after {ideal * 6:0} s ({made:N0} made)", $"{ideal:0} s ideal", "> 6") { Goal = Goal.AtMost(6, 1.25, "1.25") });
        }
        return section;
    }

    private static void Add(Section section, int count, double ideal, Run run, Counts counts)
    {
        section.Figures.Add(new($"{count:N0} jobs", $"{run["seconds"]:0.0} s", $"{ideal:0} s ideal", $"{run["seconds"] / ideal:0.00}")
        {
            Goal = Goal.AtMost(run["seconds"] / ideal, 1.25, "1.25"),
            Reason = "The session finds by trial how often a place becomes free: a 429 lowers its rate, which then rises slowly. In a short run the duration of the last tasks weighs more.",
        });
        section.Figures.Add(new("jobs made twice", $"{counts.MadeTwice}") { Goal = Goal.AtMost(counts.MadeTwice, 0, "0") });
        section.Figures.Add(new("tasks returned", $"{run["tasks"]:N0}, {run["errors"]} errors", $"{count:N0}") { Goal = Goal.AtLeast(run["tasks"], count, $"{count:N0}") });
        section.Figures.Add(new("requests", $"{counts.Creates:N0} creates, {counts.Reads:N0} reads, {counts.TooManyRequests:N0} answered 429"));
    }
}
