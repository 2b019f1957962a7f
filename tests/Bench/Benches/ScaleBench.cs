using MidJourney.Bench.Baselines;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>What ten thousand waiting tasks cost.</summary>
internal sealed class ScaleBench : IBench
{
    private const int Count = 10_000;

    public string Name => "scale";

    public async Task<Section> RunAsync(Setup setup)
    {
        var interval = setup.Pick(60, 20);
        var section = new Section(Name, "Waiting: ten thousand tasks", $"""
            `$ids | Wait-MJTask -TimeoutSec 0 -PollIntervalSec {interval}` with {Count:N0} tasks that never end (`Scripts/scale.ps1`). Managed memory is measured after a full
            collection, before the wait (with the ids in memory) and after each task was read once. Processor time is that of the whole process over the next {interval} s, in
            which each task is read once more.
            """);
        await using var emulator = await setup.StartEmulatorAsync("--duration never");
        using var client = Rows.NewClient(emulator.BaseUri);
        using var maker = new FixedPoller(client, 64, TimeSpan.Zero);
        var idFile = setup.Programs.PathOf("ids.txt");
        await File.WriteAllLinesAsync(idFile, await maker.CreateAsync(Count));
        var run = await emulator.RunScriptAsync("scale.ps1", $"-IdFile {idFile} -PollIntervalSec {interval}");

        var (bytes, share) = (run["bytes"] / Count, run["processor"] / run["seconds"] * interval / 60);
        section.Figures.Add(new("managed memory per task, beyond its id", $"{bytes:N0} B")
        {
            Headline = $"Memory per waiting task ({Count:N0} tasks)",
            Goal = Goal.AtMost(bytes, 4096, "4 KB"),
        });
        section.Figures.Add(new("processor time at one poll per task and minute", $"{share:P1} of a core") { Goal = Goal.AtMost(share, 0.05, "5 %") });
        section.Figures.Add(new("reads in that time", $"{run["reads"]:N0}", $"{Count:N0} tasks", $"{run["reads"] / Count:0.00}"));
        section.Figures.Add(new("maximum threads of the process", $"{run["threads"]:0}") { Goal = Goal.AtMost(run["threads"], 64, "64 (none per task)") });
        return section;
    }
}
