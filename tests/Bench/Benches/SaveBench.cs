using MidJourney.Bench.Baselines;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>Files per second, compared with a bare loop, and the memory used meanwhile.</summary>
internal sealed class SaveBench : IBench
{
    private const double MinRatio = 0.9;
    private const int FileBytes = 2_000_000, ThrottleLimit = 8, Early = 200;

    public string Name => "save";

    public async Task<Section> RunAsync(Setup setup)
    {
        var count = setup.Pick(1000, 400);
        var section = new Section(Name, "Saving: throughput and memory", $"""
            `$tasks | Save-MJOutput -Path <folder>` with {count:N0} completed tasks of one file of {FileBytes / 1e6:0} MB each (`Scripts/save.ps1`), compared with a loop in PowerShell that only
            calls `HttpClient.GetStreamAsync` and `CopyToAsync` (`Scripts/save-bare.ps1`), and with the same loop as a compiled program (`Baselines/Loops.cs`), which hosts no PowerShell. All save the same files
            from the same emulator, {ThrottleLimit} at a time, each in a new process and an empty folder, in {setup.Rounds} interleaved rounds. The time runs from the first task to the last file; the ratio is the median of the rounds' ratios. Managed memory is
            measured after full collections, in a separate run that keeps no file objects. The growth is the names given so far, which the cmdlet
            remembers so that no output overwrites another's, and the engine, which is still warming up.
            """);
        await using var emulator = await setup.StartEmulatorAsync($"--duration 0.001 --image-bytes {FileBytes}");
        using var client = Rows.NewClient(emulator.BaseUri);
        using var maker = new FixedPoller(client, 64, TimeSpan.Zero);
        var idFile = setup.Programs.PathOf("save-ids.txt");
        await File.WriteAllLinesAsync(idFile, await maker.CreateAsync(count));

        var rounds = new List<(Run Module, Run Bare, Run Compiled)>();
        for (var round = 0; round < setup.Rounds; round++)
        {
            var compiled = await IntoFolderAsync(setup, count, folder => Loops.StartAsync(Loops.BareSave, emulator, idFile, folder, $"{ThrottleLimit}"));
            var bare = await RunAsync("save-bare.ps1");
            rounds.Add((await RunAsync("save.ps1"), bare, compiled));
        }
        AddThroughput(section, rounds, count);
        AddMemory(section, await RunAsync("save.ps1", $" -MeasureAt {Early}"), count);
        return section;

        Task<Run> RunAsync(string script, string more = "") => IntoFolderAsync(setup, count, folder =>
            emulator.RunScriptAsync(script, $"-IdFile {idFile} -Folder {folder} -ThrottleLimit {ThrottleLimit}{more}"));
    }

    /// <summary>Saves into a new folder, checks that every file is complete, and deletes the folder.</summary>
    private static async Task<Run> IntoFolderAsync(Setup setup, int count, Func<string, Task<Run>> save)
    {
        var folder = Directory.CreateDirectory(setup.Programs.PathOf("saved"));
        try
        {
            var run = await save(folder.FullName);
            var complete = folder.EnumerateFiles().Count(file => file.Length == FileBytes);
            return complete == count ? run : throw new InvalidOperationException($"{complete} of {count} files are complete.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AddThroughput(Section section, List<(Run Module, Run Bare, Run Compiled)> rounds, int count)
    {
        var (module, bare, compiled) = (rounds.Select(r => r.Module).ToArray(), rounds.Select(r => r.Bare).ToArray(), rounds.Select(r => r.Compiled).ToArray());
        var ratio = rounds.Select(r => r.Bare["seconds"] / r.Module["seconds"]).Median();
        var (ours, theirs) = (module.Median("seconds-cpu") / count * 1e3, bare.Median("seconds-cpu") / count * 1e3);
        var (memory, bareMemory) = (module.Median("peak") / 1e6, bare.Median("peak") / 1e6);
        section.Figures.Add(new("throughput", Rate(module.Median("seconds")), Rate(bare.Median("seconds")), $"{ratio:0.00}")
        {
            Goal = Goal.AtLeast(ratio, MinRatio, $"{MinRatio}"),
            Reason = $"Each file is hashed (SHA-256) while it is written, so that a later run recognizes it by its content. This is most of the additional {ours - theirs:0.00} ms of processor time per file.",
        });
        var strict = rounds.Select(r => r.Compiled["seconds"] / r.Module["seconds"]).Median();
        section.Figures.Add(new("… compared with the compiled loop", Rate(module.Median("seconds")), Rate(compiled.Median("seconds")), $"{strict:0.00}"));
        section.Figures.Add(new("… processor time per file", $"{ours:0.00} ms", $"{theirs:0.00} ms", $"{ours / theirs:0.0}"));
        section.Figures.Add(new("… maximum memory of the process (working set)", $"{memory:0} MB", $"{bareMemory:0} MB", $"{memory / bareMemory:0.0}"));

        string Rate(double seconds) => $"{count * (FileBytes / 1e6) / seconds:N0} MB/s ({seconds:0.00} s)";
    }

    private static void AddMemory(Section section, Run run, int count)
    {
        var (early, late) = (run["memory-early"], run["memory-late"]);
        section.Figures.Add(new($"managed memory, from file {Early} to file {count:N0}", $"{late / 1e6:0.00} MB", $"{early / 1e6:0.00} MB", $"{late / early:0.00}")
        {
            Goal = Goal.Any("≤ 1.05 or 1 MB more (flat)", Goal.AtMost(late / early, 1.05), Goal.AtMost(late - early, 1e6)),
        });
        section.Figures.Add(new("… growth per file", $"{(late - early) / (count - Early):N0} B", $"{FileBytes:N0} B of content"));
    }
}
