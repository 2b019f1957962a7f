using System.Diagnostics;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>What the duplicate guard costs: flushing each create, and opening a long journal.</summary>
internal sealed class JournalBench : IBench
{
    public string Name => "journal";

    public async Task<Section> RunAsync(Setup setup)
    {
        var (rows, entries, jobs) = (setup.Pick(480, 240), setup.Pick(1_000_000, 200_000), setup.Pick(10_000, 2_000));
        var section = new Section(Name, "The journal", $"""
            Each run is a new process; comparisons take {setup.Rounds} interleaved rounds. *Flush*: {rows} rows at ThrottleLimit 16 after one create, every answer delayed by 100 ms
            (`Scripts/latency.ps1`), with a journal, whose lines are on the disk before a request leaves, and with `-NoJournal`. *Long*: a generated journal of {entries:N0}
            completed jobs in two formats: compacted, one line per task, and as 0.1.0 wrote it, three lines per task. The first `Invoke-MJUpscale` of a session makes a new job, then
            one asks for the newest job of the journal (`Scripts/journal-create.ps1`). Managed memory is measured after full collections, before and after the first.
            The first create also has the journal of 0.1.0 compacted in the background; another create runs meanwhile, and the bench watches from outside how long the lock is held.
            *Short*: the same script with the journal that `$rows | Invoke-MJUpscale | Wait-MJTask` with {jobs:N0} rows left (`Scripts/steady.ps1`),
            and with `-NoJournal`.
            """);
        await AddFlushAsync(setup, section, rows);
        await using var emulator = await setup.StartEmulatorAsync("--duration 0.05");
        await AddLongAsync(setup, section, emulator, entries, isOld: false);
        await AddLongAsync(setup, section, emulator, entries, isOld: true);
        var journal = setup.Programs.NewJournal();
        var first = await emulator.RunScriptAsync("steady.ps1", $"-Count {jobs}", journal);
        if (first["tasks"] != jobs) throw new InvalidOperationException($"{first["tasks"]} of {jobs} jobs ended.");
        await AddShortAsync(setup, section, emulator, jobs, journal);
        return section;
    }

    private static async Task AddFlushAsync(Setup setup, Section section, int rows)
    {
        const double minRatio = 0.9;
        await using var emulator = await setup.StartEmulatorAsync("--answer-delay 100");
        var rounds = new List<(double With, double Without)>();
        for (var round = 0; round < setup.Rounds; round++)
        {
            var without = await SubmitAsync(" -NoJournal");
            rounds.Add((await SubmitAsync(""), without));
        }
        var (ours, reference, ratio) = (rounds.Select(r => r.With).Median(), rounds.Select(r => r.Without).Median(), rounds.Select(r => r.Without / r.With).Median());
        section.Figures.Add(new("flush: throughput at 100 ms per answer", $"{rows / ours:0.0} rows/s", $"{rows / reference:0.0} rows/s without", $"{ratio:0.00}")
        {
            Goal = Goal.AtLeast(ratio, minRatio, $"{minRatio}"),
        });

        async Task<double> SubmitAsync(string more)
        {
            var run = await emulator.RunScriptAsync("latency.ps1", $"-Count {rows} -ThrottleLimit 16 -WarmUp 1{more}");
            await emulator.ResetAsync();
            return run["seconds"];
        }
    }

    private static async Task AddLongAsync(Setup setup, Section section, EmulatorProcess emulator, int entries, bool isOld)
    {
        var (runs, held) = (new List<Run>(), new List<double>());
        var generated = setup.Programs.NewJournal();
        if (isOld) GeneratedJournal.WriteOld(generated, emulator.BaseUri, entries);
        else GeneratedJournal.WriteCompacted(generated, emulator.BaseUri, entries);
        var megabytes = new FileInfo(generated).Length / 1e6;
        for (var round = 0; round < setup.Pick(3, 1); round++)
        {
            var journal = setup.Programs.NewJournal();
            File.Copy(generated, journal);
            using var stop = new CancellationTokenSource();
            var watch = isOld ? LongestLockAsync(journal + ".lock", stop.Token) : Task.FromResult(0.0);
            runs.Add(await emulator.RunScriptAsync("journal-create.ps1", $"-Known job-{entries}{(isOld ? " -UntilCompacted" : "")}", journal));
            await stop.CancelAsync();
            held.Add(await watch);
            File.Delete(journal);
        }
        File.Delete(generated);

        var (memory, created) = (runs.Median("memory") / 1e6, runs.Median("new"));
        section.Figures.Add(new($"long, {(isOld ? "as 0.1.0 wrote it" : "compacted")} ({megabytes:N0} MB): managed memory", $"{memory:0} MB") { Goal = Goal.AtMost(memory * 1_000_000 / entries, 150, "150 MB") });
        section.Figures.Add(new("… growth of the working set", $"{runs.Median("working-set") / 1e6:0} MB"));
        section.Figures.Add(new("… first task, of a new job", $"{created:0.00} s")
        {
            Goal = Goal.AtMost(created, 5, "5 s"),
            Reason = isOld ? "0.1.0 wrote three lines per task and no hash of the work, which has to be computed from the parameters: a third of the time. This happens once, because the first create has the file compacted." : null,
        });
        if (isOld)
        {
            section.Figures.Add(new("… second task, while the file is compacted", $"{runs.Median("second"):0.00} s"));
            section.Figures.Add(new("… longest time that compaction holds the lock", $"{held.Median() * 1000:0} ms", $"{runs.Median("length") / 1e6:N0} MB remain"));
        }
        section.Figures.Add(new("… task of a known job", $"{runs.Median("known") * 1000:0} ms"));
    }

    /// <summary>Tries to take a lock until it is stopped.</summary>
    /// <returns>The longest time in seconds for which another process held the lock.</returns>
    private static async Task<double> LongestLockAsync(string path, CancellationToken stop)
    {
        var (longest, held) = (TimeSpan.Zero, Stopwatch.StartNew());
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using (File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) held.Restart();
            }
            catch (FileNotFoundException) { held.Restart(); }
            catch (IOException) { longest = held.Elapsed > longest ? held.Elapsed : longest; }
            await Task.Delay(5, CancellationToken.None);
        }
        return longest.TotalSeconds;
    }

    private static async Task AddShortAsync(Setup setup, Section section, EmulatorProcess emulator, int jobs, string journal)
    {
        var (with, empty, without) = (new List<Run>(), new List<Run>(), new List<Run>());
        for (var round = 0; round < setup.Pick(9, 3); round++)
        {
            without.Add(await emulator.RunScriptAsync("journal-create.ps1", "-NoJournal"));
            empty.Add(await emulator.RunScriptAsync("journal-create.ps1"));
            // A copy each time, so that the job is always new to it.
            var copy = setup.Programs.NewJournal();
            File.Copy(journal, copy);
            with.Add(await emulator.RunScriptAsync("journal-create.ps1", journal: copy));
        }
        var reference = without.Median("new") * 1000;
        var (more, moreWhenEmpty) = (with.Median("new") * 1000 - reference, empty.Median("new") * 1000 - reference);
        section.Figures.Add(new($"short: first create with {jobs:N0} jobs in the journal", $"{reference + more:0} ms", $"{reference:0} ms without", $"{more:+0;-0} ms")
        {
            Goal = Goal.AtMost(more, 50, "+50 ms"),
            Reason = "The process has just started, so the code that reads three lines per task is hardly compiled yet. .NET's JSON reader takes half of the time.",
        });
        section.Figures.Add(new("… with a journal that does not exist yet", $"{reference + moreWhenEmpty:0} ms", $"{reference:0} ms without", $"{moreWhenEmpty:+0;-0} ms"));
    }
}
