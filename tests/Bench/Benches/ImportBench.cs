using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>What importing the module costs, compared with an empty one.</summary>
internal sealed class ImportBench : IBench
{
    public string Name => "import";

    public async Task<Section> RunAsync(Setup setup)
    {
        var rounds = setup.Pick(9, 3);
        var section = new Section(Name, "Start", $"""
            `Import-Module` of this module and of an empty binary module with a manifest, each in a new process, in {rounds} interleaved rounds (`Scripts/import.ps1`). Then whole processes
            `pwsh -NoProfile -Command …`, from their start to their end, in {rounds} interleaved rounds, each with a new journal: one that imports the module and sends a create, one that sends it with
            `Invoke-RestMethod`, and one that does nothing (*limit*).
            """);
        await using var emulator = await setup.StartEmulatorAsync();
        var empty = WriteEmptyModule(setup.Programs.PathOf("Empty"));
        var (module, reference) = (new List<Run>(), new List<Run>());
        for (var round = 0; round < rounds; round++)
        {
            reference.Add(await emulator.RunScriptAsync("import.ps1", module: empty));
            module.Add(await emulator.RunScriptAsync("import.ps1"));
        }
        var requests = (await emulator.CountsAsync()).MaxInFlight;
        var (ours, theirs) = (module.Median("seconds") * 1000, reference.Median("seconds") * 1000);
        section.Figures.Add(new("`Import-Module`", $"{ours:0} ms", $"{theirs:0} ms", $"{ours - theirs:+0;-0} ms")
        {
            Headline = "`Import-Module MidJourney` (instead: an empty binary module)",
            Goal = Goal.AtMost(ours - theirs, 40, "+40 ms"),
            Reason = "Half of the additional time is reading the type and format files, a quarter is loading the assembly, and a quarter is `MidJourney.psm1`, which picks the assembly " +
                "for the PowerShell edition. Most of it is compilation: the PowerShell of the .NET tool is compiled just in time, while an installed PowerShell is precompiled.",
        });
        section.Figures.Add(new("requests at import", $"{requests}") { Goal = Goal.AtMost(requests, 0, "0") });
        section.Figures.Add(await FirstCreateAsync(setup, emulator, rounds));
        return section;
    }

    private static async Task<Figure> FirstCreateAsync(Setup setup, EmulatorProcess emulator, int rounds)
    {
        const string rest = """
            $body = @{ model = 'midjourney_upscale'; input = @(@{ params = @{ jobId = 'first'; imageNo = 0; type = 1 } }) } | ConvertTo-Json -Depth 5
            $null = Invoke-RestMethod "${env:MIDJOURNEY_BASE_URI}model/v1/generation" -Method Post -Headers @{ Authorization = "Bearer $env:MIDJOURNEY_API_KEY" } -ContentType application/json -Body $body
            """;
        var module = $"Import-Module '{setup.Programs.Module}'; $null = Invoke-MJUpscale -JobId first -ImageNo 0 -Type Creative";
        var (ours, theirs, nothing) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            nothing.Add(await TimeAsync("1"));
            theirs.Add(await TimeAsync(rest));
            ours.Add(await TimeAsync(module));
        }
        if ((await emulator.CountsAsync()).TasksMade != 2 * rounds) throw new InvalidOperationException("Not every process made its task.");
        return new("a process that sends its first create", $"{ours.Median():N0} ms", $"{theirs.Median():N0} ms", $"{ours.Median() - theirs.Median():+0;-0} ms")
        {
            Headline = "Start `pwsh`, import, send a first create, end (instead: `Invoke-RestMethod`; limit: `pwsh` that does nothing)",
            Limit = $"{nothing.Median():N0} ms",
            Chart = new("A new pwsh sends a first create", $"{ours.Median():N0} ms", ours.Median(), [new("pwsh alone", nothing.Median(), IsLimit: true), new("Invoke-RestMethod", theirs.Median())]),
        };

        async Task<double> TimeAsync(string command)
        {
            var clock = Stopwatch.StartNew();
            await emulator.RunCommandAsync(command);
            return clock.Elapsed.TotalMilliseconds;
        }
    }

    /// <returns>The path of the manifest.</returns>
    private static string WriteEmptyModule(string folder)
    {
        Directory.CreateDirectory(folder);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Empty"), typeof(object).Assembly);
        assembly.DefineDynamicModule("Empty").DefineType("Empty.Nothing", TypeAttributes.Public | TypeAttributes.Class).CreateType();
        assembly.Save(Path.Combine(folder, "Empty.dll"));
        var manifest = Path.Combine(folder, "Empty.psd1");
        File.WriteAllText(manifest, """
            @{
                RootModule        = 'Empty.dll'
                ModuleVersion     = '1.0.0'
                GUID              = '3c1b6a6e-29b2-4a3f-9d0c-2f6f4f6f7a10'
                CmdletsToExport   = @()
                FunctionsToExport = @()
                AliasesToExport   = @()
                VariablesToExport = @()
            }
            """);
        return manifest;
    }
}
