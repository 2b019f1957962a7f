using MidJourney.Bench.Processes;
using MidJourney.Bench.References;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>What ten thousand waiting tasks cost.</summary>
internal sealed class ScaleBench : IBench
{
    public string Name => "scale";

    public async Task<Section> RunAsync(Setup setup)
    {
        const int count = 10_000;
        var interval = setup.Pick(60, 20);
        var section = new Section(Name, "Waiting: ten thousand tasks", $"""
            `$ids | Wait-MJTask -TimeoutSec 0 -PollIntervalSec {interval}` with {count:N0} tasks that never end (`Scripts/scale.ps1`). Managed memory after a full
            collection, before the wait (with the ids in hand) and after every task was read once; processor time of the whole waiting process, engine
            included, over the next {interval} s, in which each task is read once more.
            """);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, "--duration never");
        using var client = Rows.NewClient(emulator.BaseUri);
        var idFile = setup.Programs.PathOf("ids.txt");
        using var maker = new FixedPoller(client, 64, TimeSpan.Zero);
        await File.WriteAllLinesAsync(idFile, await maker.CreateAsync(count));
        var run = await ShellScript.RunAsync(setup, "scale.ps1", emulator.BaseUri, $"-IdFile {idFile} -PollIntervalSec {interval}");

        var (bytes, share) = (run["bytes"] / count, run["processor"] / run["seconds"] * interval / 60);
        section.Figures.Add(new("managed memory a task, beyond its id", $"{bytes:N0} B", "", "", Verdict.AtMost(bytes, 4096, "4 KB")));
        section.Figures.Add(new("processor time, polls due once a minute", $"{share:P1} of a core", "", "", Verdict.AtMost(share, 0.05, "5 %")));
        section.Figures.Add(new("reads in that time", $"{run["reads"]:N0}", $"{count:N0} tasks", $"{run["reads"] / count:0.00}", Verdict.None));
        section.Figures.Add(new("threads of the process, at most", $"{run["threads"]:0}", "", "", Verdict.AtMost(run["threads"], 64, "64 (none a task)")));
        return section;
    }
}
