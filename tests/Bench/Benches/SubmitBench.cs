using MidJourney.Bench.Processes;
using MidJourney.Bench.References;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Rows a second, against a bare loop.</summary>
internal sealed class SubmitBench : IBench
{
    private const double Goal = 0.7;

    private const string Why = """
        both sides use the cores up, so the ratio is that of the processor time for a row. The client library alone, without PowerShell, takes
        nearly twice that of the bare loop: its layers (limiter, deadline, withdrawal, bounded body, verdict) are methods that the runtime compiles at
        first without optimising, and it goes on running them so for longer than this takes (*once more* is not the end of it), while all of
        the bare loop comes compiled with .NET. PowerShell's own work for a record (binding by property name, `ShouldProcess`, output) is the rest.
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
            pass in the same processes.
            """);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs);
        foreach (var limit in new[] { 16, 64 })
        {
            var (ours, bare) = await RoundsAsync(setup, emulator, count, limit);
            section.Figures.Add(Compare($"ThrottleLimit {limit}", "seconds", Goal));
            section.Figures.Add(Compare("… from the start of the process", "alive", null));
            section.Figures.Add(Compare("… once more", "again", null));

            Figure Compare(string what, string value, double? goal) => FigureOf(what, count, ours.Select(r => r[value]).Median(), bare.Select(r => r[value]).Median(), goal);
        }
        return section;
    }

    private static async Task<(List<Run> Ours, List<Run> Bare)> RoundsAsync(Setup setup, EmulatorProcess emulator, int count, int limit)
    {
        var (ours, bare) = (new List<Run>(), new List<Run>());
        for (var round = 0; round < setup.Rounds; round++)
        {
            bare.Add(await DotNet.RunAsync(DotNet.StartInfo(Programs.Bench, BareSubmit.Command, emulator.BaseUri.AbsoluteUri, $"{count}", $"{limit}")));
            await emulator.ResetAsync();
            ours.Add(await ShellScript.RunAsync(setup, "submit.ps1", emulator.BaseUri, $"-Count {count} -ThrottleLimit {limit}"));
            await emulator.ResetAsync();
        }
        return (ours, bare);
    }

    private static Figure FigureOf(string what, int count, double ours, double bare, double? goal) =>
        new(what, $"{count / ours:N0} rows/s ({ours:0.00} s)", $"{count / bare:N0} rows/s ({bare:0.00} s)", $"{bare / ours:0.00}",
            goal is { } least ? Verdict.AtLeast(bare / ours, least, $"{least}") : Verdict.None)
        {
            Why = Why,
        };
}
