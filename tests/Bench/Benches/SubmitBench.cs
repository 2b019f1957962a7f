using MidJourney.Bench.Processes;
using MidJourney.Bench.References;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Rows a second, against a bare loop.</summary>
internal sealed class SubmitBench : IBench
{
    private const double Goal = 0.7;

    private const string Why = """
        both sides use the cores up, so the ratio is that of the processor time for a row, the emulator's included. Of ours, as measured one by one, the runtime's compiling of what has
        become hot takes a fifth, and nearly half in the second pass (with `DOTNET_TC_CallCounting=0`, 83 µs become 67 µs, and 104 µs 57 µs): it goes through tiers for our methods and
        the framework's alike, and does not come to its end within these rows. PowerShell's own work for a record takes a fifth (17 µs for a cmdlet with the same parameters that asks
        `ShouldProcess` and writes an object to the pipeline), and the journal half of the rest: a claim is on the device before its request leaves (136 µs at 16 at once, 69 µs at 64); the client without a journal takes 30 µs where the bare loop, all of
        which comes compiled with .NET, takes 24 µs. The rest is the way from the pipeline to the client and back. `AggressiveOptimization` on twenty of the hottest methods changed
        nothing that could be told from chance: it does not reach the parts of asynchronous methods. The engine of the .NET tool comes as IL; that of an installed PowerShell comes compiled.
        """;

    public string Name => "submit";

    public async Task<Section> RunAsync(Setup setup)
    {
        var count = setup.Pick(10_000, 3_000);
        var section = new Section(Name, "Submitting: throughput", $"""
            `$rows | Invoke-MJUpscale` with {count:N0} rows (`Scripts/submit.ps1`) against a loop of nothing but `HttpClient.PostAsync` that
            reads each answer to its end and parses nothing (`References/BareSubmit.cs`): same bodies, same concurrency, same emulator, each in a
            fresh process, {setup.Rounds} interleaved rounds. Timed from the first row to the last task; the start of the processes is left out
            on both sides; the rows *from the start of the process* include it, and there PowerShell's own start is on our side. *Once more* is a second
            pass in the same processes, with other job ids: of known ones the module returns the tasks. *Processor time* is that of the whole process from the first row to the last task; *the client alone* is the bare loop with the module's
            client in it (`References/ClientSubmit.cs`).
            """);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs);
        foreach (var limit in new[] { 16, 64 })
        {
            var (ours, client, recorded, bare) = await RoundsAsync(setup, emulator, count, limit);
            section.Figures.Add(Compare($"ThrottleLimit {limit}", "seconds", Goal));
            section.Figures.Add(Compare("… from the start of the process", "alive", null));
            section.Figures.Add(Compare("… once more", "again", null));
            section.Figures.Add(Used("… processor time a row", ours));
            section.Figures.Add(Used("… of the client alone, with a journal", recorded));
            section.Figures.Add(Used("… of the client alone, without", client));

            Figure Used(string what, List<Run> runs) => UsedOf(what, count, runs.Select(r => r["seconds-cpu"]).Median(), bare.Select(r => r["seconds-cpu"]).Median());

            Figure Compare(string what, string value, double? goal) => FigureOf(what, count, ours.Select(r => r[value]).Median(), bare.Select(r => r[value]).Median(), goal);
        }
        return section;
    }

    private static async Task<(List<Run> Ours, List<Run> Client, List<Run> Recorded, List<Run> Bare)> RoundsAsync(Setup setup, EmulatorProcess emulator, int count, int limit)
    {
        var (ours, client, recorded, bare) = (new List<Run>(), new List<Run>(), new List<Run>(), new List<Run>());
        for (var round = 0; round < setup.Rounds; round++)
        {
            bare.Add(await LoopAsync(BareSubmit.Command));
            client.Add(await LoopAsync(ClientSubmit.Command));
            recorded.Add(await LoopAsync(ClientSubmit.Command, ShellScript.NewJournal()));
            ours.Add(await ShellScript.RunAsync(setup, "submit.ps1", emulator.BaseUri, $"-Count {count} -ThrottleLimit {limit}"));
            await emulator.ResetAsync();
        }
        return (ours, client, recorded, bare);

        async Task<Run> LoopAsync(string command, params string[] more)
        {
            var run = await DotNet.RunAsync(DotNet.StartInfo(Programs.Bench, [command, emulator.BaseUri.AbsoluteUri, $"{count}", $"{limit}", .. more]));
            await emulator.ResetAsync();
            return run;
        }
    }

    private static Figure FigureOf(string what, int count, double ours, double bare, double? goal) =>
        new(what, $"{count / ours:N0} rows/s ({ours:0.00} s)", $"{count / bare:N0} rows/s ({bare:0.00} s)", $"{bare / ours:0.00}",
            goal is { } least ? Verdict.AtLeast(bare / ours, least, $"{least}") : Verdict.None)
        {
            Why = Why,
        };

    private static Figure UsedOf(string what, int count, double ours, double bare) =>
        new(what, $"{ours / count * 1e6:0} µs", $"{bare / count * 1e6:0} µs", $"{ours / bare:0.0}", Verdict.None);
}
