using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>What importing costs.</summary>
internal sealed class ImportBench : IBench
{
    public string Name => "import";

    public async Task<Section> RunAsync(Setup setup)
    {
        var rounds = setup.Pick(9, 3);
        var section = new Section(Name, "Import", $"""
            `Import-Module` of this module and of a binary module with nothing in it, each with a manifest and in a fresh process, {rounds} interleaved rounds
            (`Scripts/import.ps1`). Then from before `Import-Module` to when the first create has arrived at the emulator (`Scripts/first-create.ps1`).
            """);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs);
        var empty = EmptyModule.Write(setup.Programs.PathOf("Empty"));
        var (ours, reference) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            reference.Add(await ImportAsync(empty, emulator.BaseUri));
            ours.Add(await ImportAsync(setup.Programs.Module, emulator.BaseUri));
        }
        var requests = (await emulator.CountsAsync()).MaxInFlight;
        var more = (ours.Median() - reference.Median()) * 1000;
        section.Figures.Add(new("`Import-Module`", $"{ours.Median() * 1000:0} ms", $"{reference.Median() * 1000:0} ms", $"+{more:0} ms", Verdict.AtMost(more, 60, "+60 ms"))
        {
            Why = """
                of the processor time of the difference, the loading of the assembly is a quarter, reading the types' and the views' files half, and the script that picks the
                framework's folder (`MidJourney.psm1`) a quarter, nearly all of it the nested `Import-Module`. Most of that is compiling: the engine of the .NET tool comes as IL, while that of an
                installed PowerShell comes compiled.
                """,
        });
        section.Figures.Add(new("requests at import", $"{requests}", "", "", Verdict.AtMost(requests, 0, "0")));
        var first = await FirstCreateAsync(setup, emulator, rounds);
        section.Figures.Add(new("from import to the first create", $"{first * 1000:0} ms", "", "", Verdict.None));
        return section;
    }

    private static async Task<double> ImportAsync(string module, Uri baseUri) =>
        (await DotNet.RunAsync(ShellScript.StartInfo("import.ps1", module, baseUri, "")))["seconds"];

    private static async Task<double> FirstCreateAsync(Setup setup, EmulatorProcess emulator, int rounds)
    {
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            await emulator.ResetAsync();
            var run = await ShellScript.RunAsync(setup, "first-create.ps1", emulator.BaseUri);
            var arrived = (await emulator.RequestTimesAsync())[0];
            times.Add((arrived - new DateTimeOffset(long.Parse(run.Values["began"], System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero)).TotalSeconds);
        }
        return times.Median();
    }
}
