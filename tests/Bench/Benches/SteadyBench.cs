using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Submit and wait in one pipeline while the gateway holds only so many tasks.</summary>
internal sealed class SteadyBench : IBench
{
    private const double TaskTime = 2;
    private const int Outstanding = 500;

    public string Name => "steady";

    public async Task<Section> RunAsync(Setup setup)
    {
        var count = setup.Pick(10_000, 2_000);
        var ideal = TaskTime * count / Outstanding;
        var section = new Section(Name, "Submit and wait, steady state", $"""
            `$rows | Invoke-MJUpscale | Wait-MJTask` with {count:N0} rows, tasks of {TaskTime:0} s and `--max-outstanding {Outstanding}`: further creates are answered 429
            (`Scripts/steady.ps1`, ThrottleLimit 16). The ideal is {count:N0} / {Outstanding} × {TaskTime:0} s. One run.
            """);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, $"--duration {TaskTime:0} --max-outstanding {Outstanding}");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(ideal * 6));
        try
        {
            var run = await ShellScript.RunAsync(setup, "steady.ps1", emulator.BaseUri, $"-Count {count}", stop: stop.Token);
            Add(section, count, ideal, run, await emulator.CountsAsync());
        }
        catch (OperationCanceledException)
        {
            var made = (await emulator.CountsAsync()).TasksMade;
            section.Figures.Add(new($"{count:N0} jobs", $"not done after {ideal * 6:0} s ({made:N0} made)", $"{ideal:0} s ideal", "> 6", Verdict.AtMost(6, 1.25, "1.25")));
        }
        return section;
    }

    private static void Add(Section section, int count, double ideal, Run run, Counts counts)
    {
        section.Figures.Add(new($"{count:N0} jobs", $"{run["seconds"]:0.0} s", $"{ideal:0} s ideal", $"{run["seconds"] / ideal:0.00}", Verdict.AtMost(run["seconds"] / ideal, 1.25, "1.25"))
        {
            Why = "at which rate places become free is found by trial: a 429 lowers the rate, and it rises again by and by. In a short run the last tasks' own 2 s weigh more.",
        });
        section.Figures.Add(new("jobs made twice", $"{counts.MadeTwice}", "", "", Verdict.AtMost(counts.MadeTwice, 0, "0")));
        section.Figures.Add(new("tasks put out", $"{run["tasks"]:N0}, {run["errors"]} errors", $"{count:N0}", "", Verdict.AtLeast(run["tasks"], count, $"{count:N0}")));
        section.Figures.Add(new("requests", $"{counts.Creates:N0} creates, {counts.Reads:N0} reads, {counts.TooManyRequests:N0} answered 429", "", "", Verdict.None));
    }
}
