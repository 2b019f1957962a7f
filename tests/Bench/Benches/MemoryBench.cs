using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>Whether a long run needs more memory than a short one.</summary>
internal sealed class MemoryBench : IBench
{
    public string Name => "memory";

    public async Task<Section> RunAsync(Setup setup)
    {
        var count = setup.Pick(10_000, 3_000);
        var section = new Section(Name, "Memory of a long run", $"""
            `$ids | Invoke-MJUpscale | Wait-MJTask | Save-MJOutput` with {count:N0} job IDs, tasks of 0.5 s, files of 1 kB, and at most 500 requests per second
            (`Scripts/memory.ps1`). Every 1,000 files, the script collects all garbage and
            prints the managed memory and the working set. The reference is the memory after 2,000 jobs; until then, the engine itself still grows. The last
            measurement follows the command. One run.
            """);
        await using var emulator = await setup.StartEmulatorAsync("--duration 0.5 --image-bytes 1000");
        var folder = Directory.CreateDirectory(setup.Programs.PathOf("memory"));
        var run = await emulator.RunScriptAsync("memory.ps1", $"-Count {count} -Folder {folder.FullName}");
        folder.Delete(recursive: true);
        if (run["saved"] != count) throw new InvalidOperationException($"{run["saved"]} of {count} files were saved.");

        var (managed, working) = (run.All("managed"), run.All("working-set"));
        var perJob = (managed[^1] - managed[1]) / (count - 2000);
        section.Figures.Add(new($"managed memory, from job 2,000 to job {count:N0}", $"{managed[^1] / 1e6:0.0} MB",
            $"{managed[1] / 1e6:0.0} MB", $"{managed[^1] / managed[1]:0.00}")
        {
            Headline = $"Memory at the end of a run of {count:N0} jobs (instead: after 2,000 of them)",
            Goal = Goal.Any("≤ 1.05 or 1 MB more (flat)", Goal.AtMost(managed[^1] / managed[1], 1.05), Goal.AtMost(managed[^1] - managed[1], 1e6)),
            Reason = $"{perJob:0} B per job remain until the command ends: the names of the saved files, so that no file overwrites another's, " +
                "and the IDs of the tasks, so that none is paid or returned twice.",
        });
        section.Figures.Add(new("… growth per job", $"{perJob:0} B"));
        section.Figures.Add(new("… after the command has ended", $"{run["after"] / 1e6:0.0} MB"));
        section.Figures.Add(new("… working set", $"{working[^1] / 1e6:0} MB", $"{working[1] / 1e6:0} MB", $"{working[^1] / working[1]:0.00}"));
        section.Details.Add($"Managed memory after each 1,000 jobs: {string.Join(", ", managed.Select(bytes => $"{bytes / 1e6:0.0}"))} MB.");
        return section;
    }
}
