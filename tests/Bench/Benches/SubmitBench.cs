using MidJourney.Bench.Baselines;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>Rows per second, compared with the loops that people write.</summary>
internal sealed class SubmitBench : IBench
{
    private const int Limit = 16;
    private const double MinTimesLoop = 12, MinShareOfBare = 0.40;

    public string Name => "submit";

    public async Task<Section> RunAsync(Setup setup)
    {
        var (count, loopCount) = setup.Pick((10_000, 2_000), (3_000, 300));
        var section = new Section(Name, "Submitting: throughput", $"""
            `$rows | Invoke-MJUpscale` with {count:N0} rows, {Limit} at a time (`Scripts/submit.ps1`), compared with two scripts in PowerShell: a loop of
            `Invoke-RestMethod` (`Scripts/submit-loop.ps1`, {loopCount:N0}
            rows), and `HttpClient` with {Limit} requests at a time (`Scripts/submit-bare.ps1`); and with the compiled loop of `HttpClient.PostAsync` in
            `Baselines/Loops.cs`, which hosts no PowerShell. All send
            the same requests to the same emulator, each in a new process, in {setup.Rounds} interleaved rounds; the ratio is the median of the rounds' ratios.
            The time runs from the first row to the last task and leaves
            out the start of the process. *Second pass*: other job IDs in the same process. *Processor time* is that of the whole process from the first row to
            the last task.
            *Client only*: the compiled loop with the module's client in it.
            """);
        await using var emulator = await setup.StartEmulatorAsync();
        var rounds = new List<Round>();
        for (var round = 0; round < setup.Rounds; round++)
        {
            rounds.Add(new Round(
                await ScriptAsync("submit-loop.ps1", $"-Count {loopCount}"),
                await ScriptAsync("submit-bare.ps1", $"-Count {count} -ThrottleLimit {Limit}"),
                await ScriptAsync("submit.ps1", $"-Count {count} -ThrottleLimit {Limit}"),
                await LoopAsync(Loops.BareSubmit),
                await LoopAsync(Loops.ClientSubmit),
                await LoopAsync(Loops.ClientSubmit, setup.Programs.NewJournal())));
        }
        Add(section, rounds, count, loopCount);
        section.Details.Add("""
            A profile, taken separately, shows where the module's processor time goes. About a fifth is the runtime, which recompiles hot methods during these
            rows; in the second pass it
            is nearly half. Another fifth is PowerShell's own work for a record. `AggressiveOptimization` on the twenty hottest methods changed nothing
            measurable.
            The PowerShell of the .NET tool is compiled just in time; an installed PowerShell is precompiled.
            """);
        return section;

        async Task<Run> ScriptAsync(string script, string arguments)
        {
            var run = await emulator.RunScriptAsync(script, arguments);
            await emulator.ResetAsync();
            return run;
        }

        async Task<Run> LoopAsync(string loop, params string[] journal)
        {
            var run = await Loops.StartAsync(loop, emulator, [$"{count}", $"{Limit}", .. journal]);
            await emulator.ResetAsync();
            return run;
        }
    }

    private static void Add(Section section, List<Round> rounds, int count, int loopCount)
    {
        var (ours, loop, bare, compiled) = (MedianOf(r => r.Module, "seconds", count), MedianOf(r => r.Loop, "seconds", loopCount),
            MedianOf(r => r.Bare, "seconds", count), MedianOf(r => r.Compiled, "seconds", count));
        var timesLoop = rounds.Select(r => r.Loop["seconds"] / loopCount / (r.Module["seconds"] / count)).Median();
        var shareOfBare = rounds.Select(r => r.Bare["seconds"] / r.Module["seconds"]).Median();
        var (cpu, bareCpu, compiledCpu) = (Processor(r => r.Module), Processor(r => r.Bare), Processor(r => r.Compiled));
        var (client, journal) = (Processor(r => r.Client), Processor(r => r.Recorded));
        var reason = $"Module and emulator together use all cores, so the processor time per row decides. " +
            $"The module needs {cpu:0} µs: {compiledCpu:0} µs for the bare request, {client - compiledCpu:0} µs more in its client, " +
            $"{journal - client:0} µs for the journal, which is on the disk before the request leaves, " +
            $"and {cpu - journal:0} µs for PowerShell's pipeline and the cmdlet.";

        section.Figures.Add(new("compared with a loop of `Invoke-RestMethod`", Rate(ours), Rate(loop), $"{timesLoop:0.0} ×")
        {
            Headline = $"Submit {count:N0} rows, {Limit} at a time (instead: a loop of `Invoke-RestMethod`)",
            Goal = Goal.AtLeast(timesLoop, MinTimesLoop, $"{MinTimesLoop} ×"),
            Reason = reason,
            Chart = new("Submit a row", $"{ours * 1e6:0} µs", ours, [new("HttpClient, 16 at a time", bare), new("Invoke-RestMethod", loop)]),
        });
        section.Figures.Add(new("compared with a script of `HttpClient`", Rate(ours), Rate(bare), $"{shareOfBare:0.00}")
        {
            Headline = $"Submit {count:N0} rows, {Limit} at a time (instead: a script of bare `HttpClient` calls, {Limit} at a time)",
            Goal = Goal.AtLeast(shareOfBare, MinShareOfBare, $"{MinShareOfBare:0.00}"),
            Reason = reason,
        });
        section.Figures.Add(new("compared with a compiled loop of `HttpClient`", Rate(ours), Rate(compiled), $"{compiled / ours:0.00}"));
        section.Figures.Add(new("… second pass", Rate(MedianOf(r => r.Module, "again", count)), Rate(MedianOf(r => r.Compiled, "again", count)),
            $"{rounds.Select(r => r.Compiled["again"] / r.Module["again"]).Median():0.00}"));
        section.Figures.Add(new("processor time per row", $"{cpu:0} µs", $"{bareCpu:0} µs (script of `HttpClient`)", $"{cpu / bareCpu:0.0}"));
        section.Figures.Add(Used("… compared with the compiled loop", cpu));
        section.Figures.Add(Used("… of the client only, with a journal", journal));
        section.Figures.Add(Used("… of the client only, without a journal", client));

        double MedianOf(Func<Round, Run> run, string name, int jobs) => rounds.Select(r => run(r)[name] / jobs).Median();

        double Processor(Func<Round, Run> run) => MedianOf(run, "seconds-cpu", count) * 1e6;

        static string Rate(double secondsPerRow) => $"{1 / secondsPerRow:N0} rows/s";

        Figure Used(string what, double microseconds) => new(what, $"{microseconds:0} µs", $"{compiledCpu:0} µs (compiled loop)",
            $"{microseconds / compiledCpu:0.0}");
    }

    private sealed record Round(Run Loop, Run Bare, Run Module, Run Compiled, Run Client, Run Recorded);
}
