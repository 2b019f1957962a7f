using MidJourney.Bench.Processes;
using MidJourney.Bench.References;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Files a second, against a bare loop, and the memory meanwhile.</summary>
internal sealed class SaveBench : IBench
{
    private const double Goal = 0.8;
    private const int FileBytes = 2_000_000;
    private const int ThrottleLimit = 8;
    private const int Early = 200;

    public string Name => "save";

    public async Task<Section> RunAsync(Setup setup)
    {
        var count = setup.Pick(1000, 400);
        var section = new Section(Name, "Saving: throughput and memory", $"""
            `$tasks | Save-MJOutput -Path <folder>` with {count:N0} completed tasks of one file of {FileBytes / 1e6:0} MB each (`Scripts/save.ps1`) against a loop of nothing but
            `HttpClient.GetStreamAsync` and `CopyToAsync` into a new file (`References/BareSave.cs`): same files, {ThrottleLimit} at once on both sides, same emulator, each in a fresh
            process and a folder of its own that is deleted afterwards, {setup.Rounds} interleaved rounds. Timed from the first task to the last file; the ratio is the median of
            those of the rounds. Managed memory after full collections, in a run of its own that keeps none of the files' objects. What grows
            are the names given so far, which are remembered so that no output takes another's, and the engine, which is still getting warm.
            """);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, $"--duration 0.001 --image-bytes {FileBytes}");
        using var client = Rows.NewClient(emulator.BaseUri);
        using var maker = new FixedPoller(client, 64, TimeSpan.Zero);
        var idFile = setup.Programs.PathOf("save-ids.txt");
        await File.WriteAllLinesAsync(idFile, await maker.CreateAsync(count));

        var rounds = new List<(Run Ours, Run Bare)>();
        for (var round = 0; round < setup.Rounds; round++)
        {
            var bare = await IntoFolderAsync(setup, count, folder => DotNet.RunAsync(
                DotNet.StartInfo(Programs.Bench, [BareSave.Command, emulator.BaseUri.AbsoluteUri, idFile, folder, $"{ThrottleLimit}"])));
            rounds.Add((await SaveAsync(0), bare));
        }
        AddThroughput(section, rounds, count);
        AddMemory(section, await SaveAsync(Early), count);
        return section;

        Task<Run> SaveAsync(int measureAt) => IntoFolderAsync(setup, count, folder => ShellScript.RunAsync(
            setup, "save.ps1", emulator.BaseUri, $"-IdFile {idFile} -Folder {folder} -ThrottleLimit {ThrottleLimit} -MeasureAt {measureAt}"));
    }

    /// <summary>Saves into a new folder, which is deleted when it was looked at.</summary>
    private static async Task<Run> IntoFolderAsync(Setup setup, int count, Func<string, Task<Run>> save)
    {
        var folder = Directory.CreateDirectory(setup.Programs.PathOf("saved"));
        try
        {
            var run = await save(folder.FullName);
            var whole = folder.EnumerateFiles().Count(file => file.Length == FileBytes);
            return whole == count ? run : throw new InvalidOperationException($"{whole} of {count} files are whole.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AddThroughput(Section section, List<(Run Ours, Run Bare)> rounds, int count)
    {
        var ratio = rounds.Select(r => r.Bare["seconds"] / r.Ours["seconds"]).Median();
        section.Figures.Add(new("throughput", Rate(Ours("seconds")), Rate(Bare("seconds")), $"{ratio:0.00}", Verdict.AtLeast(ratio, Goal, $"{Goal}"))
        {
            Why = "each file is hashed (SHA-256) while it is written, so that it is known again by its bytes: about 4 ms of processor time for 2 MB here, on cores that the emulator shares.",
        });
        section.Figures.Add(new("… processor time a file", $"{Ours("seconds-cpu") / count * 1e3:0.00} ms", $"{Bare("seconds-cpu") / count * 1e3:0.00} ms",
            $"{Ours("seconds-cpu") / Bare("seconds-cpu"):0.0}", Verdict.None));
        section.Figures.Add(new("… most memory of the process (working set)", $"{Ours("peak") / 1e6:0} MB", $"{Bare("peak") / 1e6:0} MB", $"{Ours("peak") / Bare("peak"):0.0}", Verdict.None));

        double Ours(string value) => rounds.Select(r => r.Ours[value]).Median();

        double Bare(string value) => rounds.Select(r => r.Bare[value]).Median();

        string Rate(double seconds) => $"{count * (FileBytes / 1e6) / seconds:N0} MB/s ({seconds:0.00} s)";
    }

    private static void AddMemory(Section section, Run run, int count)
    {
        var (early, late) = (run["memory-early"], run["memory-late"]);
        section.Figures.Add(new($"managed memory, from file {Early} to {count}", $"{late / 1e6:0.00} MB", $"{early / 1e6:0.00} MB", $"{late / early:0.00}",
            Verdict.Any("≤ 1.05 or 1 MB more (flat)", Verdict.AtMost(late / early, 1.05, "1.05"), Verdict.AtMost(late - early, 1e6, "1 MB"))));
        section.Figures.Add(new("… growth a file", $"{(late - early) / (count - Early):N0} B", $"{FileBytes:N0} B of content", "", Verdict.None));
    }
}
