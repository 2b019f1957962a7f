using System.Globalization;
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
        var section = new Section(Name, "Import", $"""
            `Import-Module` of this module and of an empty binary module with a manifest, each in a new process, in {rounds} interleaved rounds (`Scripts/import.ps1`). Then the
            time from before `Import-Module` until the first create arrives at the emulator (`Scripts/first-create.ps1`).
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
            Headline = "`Import-Module MidJourney` (reference: an empty binary module)",
            Goal = Goal.AtMost(ours - theirs, 60, "+60 ms"),
            Reason = "Half of the additional time is reading the type and format files, a quarter is loading the assembly, and a quarter is `MidJourney.psm1`, which picks the assembly " +
                "for the PowerShell edition. Most of it is compilation: the PowerShell of the .NET tool is compiled just in time, while an installed PowerShell is precompiled.",
        });
        section.Figures.Add(new("requests at import", $"{requests}") { Goal = Goal.AtMost(requests, 0, "0") });
        section.Figures.Add(new("from import to the first create", $"{await FirstCreateAsync(emulator, rounds) * 1000:0} ms"));
        return section;
    }

    private static async Task<double> FirstCreateAsync(EmulatorProcess emulator, int rounds)
    {
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            await emulator.ResetAsync();
            var run = await emulator.RunScriptAsync("first-create.ps1");
            var began = new DateTimeOffset(long.Parse(run.Values["began"], CultureInfo.InvariantCulture), TimeSpan.Zero);
            times.Add(((await emulator.RequestTimesAsync())[0] - began).TotalSeconds);
        }
        return times.Median();
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
