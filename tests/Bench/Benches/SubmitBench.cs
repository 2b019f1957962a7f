using MidJourney.Bench.Baselines;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Rows per second, compared with a bare loop.</summary>
internal sealed class SubmitBench : IBench
{
    private const double MinRatio = 0.7;

    public string Name => "submit";

    public async Task<Section> RunAsync(Setup setup)
    {
        var count = setup.Pick(10_000, 3_000);
        var section = new Section(Name, "Submitting: throughput", $"""
            `$rows | Invoke-MJUpscale` with {count:N0} rows (`Scripts/submit.ps1`), compared with a loop that only calls `HttpClient.PostAsync` and reads each answer to its end
            (`Baselines/Loops.cs`). Both send the same bodies to the same emulator with the same concurrency, each in a new process, in {setup.Rounds} interleaved rounds. The time
            runs from the first row to the last task and leaves out the start of the process, except in the rows *from process start*. *Second pass*: other job IDs in the same
            process. *Processor time* is that of the whole process from the first row to the last task. *Client only*: the bare loop with the module's client in it.
            """);
        await using var emulator = await setup.StartEmulatorAsync();
        foreach (var limit in new[] { 16, 64 }) await AddAsync(setup, section, emulator, count, limit);
        section.Details.Add("""
            A profile, taken separately, shows where the module's processor time goes. About a fifth is the runtime, which recompiles hot methods during these rows; in the second pass it
            is nearly half. Another fifth is PowerShell's own work for a record. `AggressiveOptimization` on the twenty hottest methods changed nothing measurable.
            The PowerShell of the .NET tool is compiled just in time; an installed PowerShell is precompiled.
            """);
        return section;
    }

    private static async Task AddAsync(Setup setup, Section section, EmulatorProcess emulator, int count, int limit)
    {
        var (module, client, recorded, bare) = (new List<Run>(), new List<Run>(), new List<Run>(), new List<Run>());
        for (var round = 0; round < setup.Rounds; round++)
        {
            bare.Add(await LoopAsync(Loops.BareSubmit));
            client.Add(await LoopAsync(Loops.ClientSubmit));
            recorded.Add(await LoopAsync(Loops.ClientSubmit, setup.Programs.NewJournal()));
            module.Add(await emulator.RunScriptAsync("submit.ps1", $"-Count {count} -ThrottleLimit {limit}"));
            await emulator.ResetAsync();
        }

        var (ours, ourClient, ourJournal, theirs) = (Processor(module), Processor(client), Processor(recorded), Processor(bare));
        var ratio = bare.Median("seconds") / module.Median("seconds");
        section.Figures.Add(Compare($"ThrottleLimit {limit}", "seconds") with
        {
            Headline = limit == 16 ? $"Submit {count:N0} rows, 16 at a time (reference: a loop of bare HTTP requests)" : null,
            Goal = Goal.AtLeast(ratio, MinRatio, $"{MinRatio}"),
            Reason = ReasonOf(ours, ourClient, ourJournal, theirs),
        });
        section.Figures.Add(Compare("… from process start", "alive"));
        section.Figures.Add(Compare("… second pass", "again"));
        section.Figures.Add(Used("… processor time per row", ours));
        section.Figures.Add(Used("… of the client only, with a journal", ourJournal));
        section.Figures.Add(Used("… of the client only, without a journal", ourClient));

        async Task<Run> LoopAsync(string loop, params string[] journal)
        {
            var run = await Loops.StartAsync(loop, emulator, [$"{count}", $"{limit}", .. journal]);
            await emulator.ResetAsync();
            return run;
        }

        double Processor(List<Run> runs) => runs.Median("seconds-cpu") / count * 1e6;

        Figure Compare(string what, string value) => new(what, Rate(module.Median(value)), Rate(bare.Median(value)), $"{bare.Median(value) / module.Median(value):0.00}");

        string Rate(double seconds) => $"{count / seconds:N0} rows/s ({seconds:0.00} s)";

        Figure Used(string what, double microseconds) => new(what, $"{microseconds:0} µs", $"{theirs:0} µs", $"{microseconds / theirs:0.0}");
    }

    private static string ReasonOf(double module, double client, double journal, double bare) =>
        $"Together with the emulator, both use all cores, so the processor time per row decides. The module needs {module:0} µs: {bare:0} µs as in the bare loop, {client - bare:0} µs more in its client, " +
        $"{journal - client:0} µs for the journal, which is on the disk before the request leaves, and {module - journal:0} µs for PowerShell's pipeline and the cmdlet.";
}
