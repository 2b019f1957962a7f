using System.Diagnostics;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;

namespace MidJourney.Bench.Benches;

/// <summary>What it costs that no work is paid twice: each create's flush, a long journal, and rows that are known.</summary>
internal sealed class JournalBench : IBench
{
    private const string Why = """
        0.1.0 wrote three lines a task, and no hash of the work, which is made of its parameters again: a third of the time. It is so once: the first create has the file made smaller.
        """;

    public string Name => "journal";

    public async Task<Section> RunAsync(Setup setup)
    {
        var (rows, entries, jobs) = (setup.Pick(480, 240), setup.Pick(1_000_000, 200_000), setup.Pick(10_000, 2_000));
        var section = new Section(Name, "The journal", $"""
            Each in fresh processes, {setup.Rounds} interleaved rounds where there is a reference. *Flush*: {rows} rows at ThrottleLimit 16 with 100 ms added to every answer, after
            one create (`Scripts/latency.ps1`), with a journal, whose lines are on the device before a request leaves, against `-NoJournal`. *Long*: a generated journal
            of {entries:N0} jobs that were completed in the last year, in two forms: as it is after it was made smaller, one line a task, and as 0.1.0 wrote it, three lines a task.
            Timed are the first `Invoke-MJUpscale` after `New-MJSession`, for a job that is not in it, and then one for the newest job (`Scripts/journal-create.ps1`);
            managed memory after full collections, before the first and after it. The journal of 0.1.0 is made smaller behind that first create: a second one runs meanwhile,
            and from outside it is watched for how long its lock is held. *Short*: the same script over the journal that
            `$rows | Invoke-MJUpscale | Wait-MJTask` with {jobs:N0} rows has left (`Scripts/steady.ps1`), against `-NoJournal`. *Again*: the same rows once more, in a process of
            their own, over the same journal (`Scripts/journal-rerun.ps1`); the requests are counted by the emulator.
            """);
        await AddFlushAsync(setup, section, rows);
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, "--duration 0.05");
        await AddLongAsync(setup, section, emulator, entries, "one line a task", GeneratedJournal.WriteShort, isMadeSmaller: false);
        await AddLongAsync(setup, section, emulator, entries, "as 0.1.0 wrote it", GeneratedJournal.WriteOld, isMadeSmaller: true);
        var journal = ShellScript.NewJournal();
        var first = await ShellScript.RunAsync(setup, "steady.ps1", emulator.BaseUri, $"-Count {jobs}", journal: journal);
        if (first["tasks"] != jobs) throw new InvalidOperationException($"{first["tasks"]} of {jobs} jobs came to an end.");
        await AddShortAsync(setup, section, emulator, jobs, journal);
        await AddRerunAsync(setup, section, emulator, jobs, journal);
        return section;
    }

    private static async Task AddFlushAsync(Setup setup, Section section, int rows)
    {
        const double least = 0.9;
        await using var emulator = await EmulatorProcess.StartAsync(setup.Programs, "--answer-delay 100");
        var rounds = new List<(double With, double Without)>();
        for (var round = 0; round < setup.Rounds; round++)
        {
            var without = await SubmitAsync(" -NoJournal");
            rounds.Add((await SubmitAsync(""), without));
        }
        var (ours, reference, ratio) = (rounds.Select(r => r.With).Median(), rounds.Select(r => r.Without).Median(), rounds.Select(r => r.Without / r.With).Median());
        section.Figures.Add(new("flush: throughput at 100 ms an answer", $"{rows / ours:0.0} rows/s", $"{rows / reference:0.0} rows/s without", $"{ratio:0.00}", Verdict.AtLeast(ratio, least, $"{least}")));

        async Task<double> SubmitAsync(string more)
        {
            var run = await ShellScript.RunAsync(setup, "latency.ps1", emulator.BaseUri, $"-Count {rows} -ThrottleLimit 16 -WarmUp 1{more}");
            await emulator.ResetAsync();
            return run["seconds"];
        }
    }

    private static async Task AddLongAsync(Setup setup, Section section, EmulatorProcess emulator, int entries, string form, Func<string, Uri, int, string> write, bool isMadeSmaller)
    {
        var (runs, held) = (new List<Run>(), new List<double>());
        var generated = write(ShellScript.NewJournal(), emulator.BaseUri, entries);
        var megabytes = new FileInfo(generated).Length / 1e6;
        for (var round = 0; round < setup.Pick(3, 1); round++)
        {
            var journal = ShellScript.NewJournal();
            File.Copy(generated, journal);
            using var watch = new CancellationTokenSource();
            var longest = isMadeSmaller ? LongestLockAsync(journal + ".lock", watch.Token) : Task.FromResult(0.0);
            runs.Add(await ShellScript.RunAsync(setup, "journal-create.ps1", emulator.BaseUri, $"-Known job-{entries}{(isMadeSmaller ? " -UntilSmaller" : "")}", journal: journal));
            await watch.CancelAsync();
            held.Add(await longest);
            File.Delete(journal);
        }
        File.Delete(generated);
        section.Figures.Add(new($"long, {form} ({megabytes:N0} MB): managed memory", $"{Of("memory") / 1e6:0} MB", "", "", Verdict.AtMost(Of("memory") / 1e6 * 1_000_000 / entries, 150, "150 MB")));
        section.Figures.Add(new("… growth of the working set", $"{Of("working-set") / 1e6:0} MB", "", "", Verdict.None));
        section.Figures.Add(new("… until the task of a new job is there", $"{Of("new"):0.00} s", "", "", Verdict.AtMost(Of("new"), 5, "5 s")) { Why = Why });
        if (isMadeSmaller)
        {
            section.Figures.Add(new("… of a second one, while it is made smaller", $"{Of("second"):0.00} s", "", "", Verdict.None));
            section.Figures.Add(new("… the lock is held at a time, to make it smaller", $"{held.Median() * 1000:0} ms", $"{Of("length") / 1e6:N0} MB are left", "", Verdict.None));
        }
        section.Figures.Add(new("… until the task of a known job is there", $"{Of("known") * 1000:0} ms", "", "", Verdict.None));

        double Of(string value) => runs.Select(r => r[value]).Median();
    }

    /// <summary>Tries to take a lock until it is told to end.</summary>
    /// <returns>For how many seconds it was held, at most, as seen from outside.</returns>
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
        var rounds = new List<(double With, double Empty, double Without)>();
        for (var round = 0; round < setup.Pick(9, 3); round++)
        {
            var without = await CreateAsync(ShellScript.NewJournal(), " -NoJournal");
            var empty = await CreateAsync(ShellScript.NewJournal(), "");
            // Each is the first over this journal to make that job.
            var copy = ShellScript.NewJournal();
            File.Copy(journal, copy);
            rounds.Add((await CreateAsync(copy, ""), empty, without));
        }
        Add($"short: the first create with {jobs:N0} jobs in the journal", r => r.With, more => Verdict.AtMost(more, 50, "+50 ms"));
        Add("… with a journal that is not there yet", r => r.Empty, _ => Verdict.None);

        void Add(string what, Func<(double With, double Empty, double Without), double> of, Func<double, Verdict> judge)
        {
            var (ours, reference) = (rounds.Select(of).Median() * 1000, rounds.Select(r => r.Without).Median() * 1000);
            section.Figures.Add(new(what, $"{ours:0} ms", $"{reference:0} ms without", $"{ours - reference:+0;-0} ms", judge(ours - reference))
            {
                Why = "three lines a task are read in a process that has only just begun, so that little is compiled as well as it will be; half of the time is that of .NET's JSON reader.",
            });
        }

        async Task<double> CreateAsync(string path, string arguments) => (await ShellScript.RunAsync(setup, "journal-create.ps1", emulator.BaseUri, arguments, journal: path))["new"];
    }

    private static async Task AddRerunAsync(Setup setup, Section section, EmulatorProcess emulator, int jobs, string journal)
    {
        foreach (var wait in new[] { false, true })
        {
            var before = await emulator.CountsAsync();
            var runs = new List<Run>();
            for (var round = 0; round < setup.Pick(3, 1); round++)
                runs.Add(await ShellScript.RunAsync(setup, "journal-rerun.ps1", emulator.BaseUri, $"-Count {jobs}{(wait ? " -Wait" : "")}", journal: journal));
            var (after, took) = (await emulator.CountsAsync(), runs.Select(r => r["seconds"]).Median());
            if (runs.Any(r => r["known"] != jobs)) throw new InvalidOperationException($"{runs.Min(r => r["known"])} of {jobs} jobs were known.");
            var requests = after.Creates + after.Reads - before.Creates - before.Reads;
            section.Figures.Add(new(wait ? "… and waited for" : $"again: {jobs:N0} ended jobs", $"{took:0.00} s", "", "", wait ? Verdict.None : Verdict.AtMost(took, 3, "3 s")));
            section.Figures.Add(new("… requests", $"{requests}", "", "", Verdict.AtMost(requests, 0, "0")));
        }
    }
}
