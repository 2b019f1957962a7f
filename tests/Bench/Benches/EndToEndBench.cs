using System.Net;
using System.Net.Sockets;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>From job IDs to saved files, compared with the ideal schedule and with the loops that people write.</summary>
internal sealed class EndToEndBench : IBench
{
    private const int FileBytes = 2_000_000, PerSecond = 20, Loops = 16;

    public string Name => "e2e";

    public async Task<Section> RunAsync(Setup setup)
    {
        var (count, places, duration) = setup.Pick((1000, 100, "30-60"), (100, 20, "3-6"));
        // As many as those loops finish while the module runs.
        var (parallel, sequential) = setup.Pick((160, 8), (32, 3));
        var section = new Section(Name, "End to end", $$"""
            `$ids | Invoke-MJUpscale | Wait-MJTask | Save-MJOutput` with {{count:N0}} job IDs (`Scripts/e2e.ps1`). Tasks take {{duration}} s; the gateway
            allows {{PerSecond}} requests per second and
            {{places}} running tasks, and answers 429 above that. Each file has {{FileBytes / 1e6:0}} MB. *Limit*: the best schedule for the durations that
            these tasks had, in their order: a create as soon
            as fewer than {{places}} tasks run, and one read per task when it has ended, with never more than {{PerSecond}} requests in a second. Nobody who
            does not know the durations in advance can reach it.
            *Loop*: `ForEach-Object -Parallel` with `Invoke-RestMethod`, `Start-Sleep 5` and `Invoke-WebRequest` (`Scripts/e2e-parallel.ps1`). {{Loops}} loops
            do {{parallel}} jobs,
            and one loop does {{sequential}}; the times are multiplied to {{count:N0}} jobs. *Callbacks*: the same pipeline with
            `-Callback http://127.0.0.1:<port>/{token}` and `-ListenOn <port>` and files of 1 kB;
            *delay* is the time from the end of a task to the read that shows it, by the emulator's clock. One run each; all run at the same time, each with an
            emulator of its own: they spend their time waiting.
            """);
        var options = $"--duration {duration} --max-requests-per-second {PerSecond} --max-outstanding {places}";
        var ours = OursAsync($"--image-bytes {FileBytes}");
        var told = Task.WhenAll(OursAsync("--image-bytes 1000", FreePort()), OursAsync("--image-bytes 1000 --callback-loss 0.2", FreePort()));
        var loops = await Task.WhenAll(LoopAsync(parallel, Loops), LoopAsync(sequential, 1));
        var (run, tasks, counts) = await ours;

        var (seconds, ideal) = (run["seconds"], Ideal([.. tasks.Select(t => (t.EndsAt - t.CreatedAt).TotalSeconds)], places, PerSecond));
        var used = PlacesInUse(tasks);
        section.Figures.Add(new("wall time", Time(seconds),
            $"{Time(loops[0])} with `-Parallel {Loops}`, {Time(loops[1])} one by one", $"{seconds / ideal:0.00} of the limit")
        {
            Headline = $"{count:N0} job IDs to {count:N0} saved images",
            Limit = Time(ideal),
            Goal = Goal.AtMost(seconds / ideal, 1.10, "1.10"),
            Reason = $"On average {used:0} of {places} places were in use until the last create. " +
                "Only a trial shows whether one is free: a place stays empty from the end of a task until the next create, and each 429 slows the session down for a while.",
            Chart = new($"{count:N0} job IDs to saved images", Time(seconds), seconds,
                [new($"ideal {Time(ideal)}", ideal, IsLimit: true), new($"-Parallel {Loops}: {Time(loops[0])}", loops[0]), new($"one by one: {Time(loops[1])}", loops[1])]),
        });
        section.Figures.Add(new("… requests", $"{counts.Creates:N0} creates, {counts.Reads:N0} reads, {counts.TooManyRequests:N0} answered 429")
        {
            Limit = $"{count:N0} creates, {count:N0} reads",
        });
        section.Figures.Add(new("… places in use until the last create", $"{used:0}") { Limit = $"{places}" });
        section.Figures.Add(new("jobs made twice", $"{counts.MadeTwice}") { Goal = Goal.AtMost(counts.MadeTwice, 0, "0") });
        var hinted = await told;
        AddCallbacks(section, Waits.Of(tasks), Waits.Of(hinted[0].Tasks), Waits.Of(hinted[1].Tasks));
        section.Figures.Add(new("… wall time with callbacks", Time(hinted[0].Run["seconds"])) { Limit = Time(ideal) });
        return section;

        async Task<(Run Run, EmulatedTask[] Tasks, Counts Counts)> OursAsync(string more, int port = 0)
        {
            await using var emulator = await setup.StartEmulatorAsync($"{options} {more}");
            var saved = await SaveAsync(setup, emulator, "e2e.ps1", count, $" -Port {port}");
            return (saved, await emulator.TasksAsync(), await emulator.CountsAsync());
        }

        async Task<double> LoopAsync(int jobs, int limit)
        {
            await using var emulator = await setup.StartEmulatorAsync($"{options} --image-bytes {FileBytes}");
            return (await SaveAsync(setup, emulator, "e2e-parallel.ps1", jobs, $" -ThrottleLimit {limit}"))["seconds"] * count / jobs;
        }
    }

    /// <summary>How many tasks ran at a time, on average from the first create to the last.</summary>
    private static double PlacesInUse(EmulatedTask[] tasks)
    {
        var (from, to) = (tasks[0].CreatedAt, tasks[^1].CreatedAt);
        return tasks.Sum(task => ((task.EndsAt < to ? task.EndsAt : to) - task.CreatedAt) / (to - from));
    }

    private static void AddCallbacks(Section section, Waits polled, Waits all, Waits lossy)
    {
        section.Figures.Add(new("with callbacks: reads per task, delay p50 / p95 / max", $"{all}", $"{polled}")
        {
            Headline = "… with callbacks: reads per task; delay until an end is seen, median / 95 % / slowest (instead: polling alone)",
            Limit = "1 read, 0 s",
            Reason = "A callback has its task read at once, but that read shares the gateway's limit with creates and polls; " +
                "and a task that ends before callbacks have proved to come has been polled, too.",
            Goal = Goal.All("≤ 1.2 reads, median < 100 ms", Goal.AtMost(all.Reads, 1.2), Goal.AtMost(all.Median, 0.1)),
        });
        section.Figures.Add(new("… if 20 % of them are lost", $"{lossy}", $"{polled}")
        {
            Headline = "… with callbacks, 20 % of them lost (instead: polling alone)",
            Goal = Goal.All("no later than by polling", Goal.AtMost(lossy.Median, polled.Median), Goal.AtMost(lossy.P95, polled.P95)),
        });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<Run> SaveAsync(Setup setup, EmulatorProcess emulator, string script, int count, string more = "")
    {
        var folder = Directory.CreateDirectory(setup.Programs.PathOf($"{Guid.NewGuid():N}"));
        try
        {
            var run = await emulator.RunScriptAsync(script, $"-Count {count} -Folder {folder.FullName}{more}");
            return run["files"] == count ? run : throw new InvalidOperationException($"{script} saved {run["files"]} of {count} files.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>How long a client takes that knows everything in advance.</summary>
    private static double Ideal(double[] durations, int places, int perSecond)
    {
        var running = new PriorityQueue<double, double>();
        var sent = new Queue<double>();
        var (now, created, unread, read) = (0.0, 0, 0, 0);
        while (read < durations.Length)
        {
            while (running.TryPeek(out var end, out _) && end <= now)
            {
                running.Dequeue();
                unread++;
            }
            if (sent.Count == perSecond && now < sent.Peek() + 1)
            {
                now = sent.Peek() + 1;
                continue;
            }
            var canCreate = created < durations.Length && running.Count < places;
            if (!canCreate && unread == 0)
            {
                now = running.Peek();
                continue;
            }
            if (sent.Count == perSecond) sent.Dequeue();
            sent.Enqueue(now);
            if (canCreate)
            {
                var end = now + durations[created++];
                running.Enqueue(end, end);
            }
            else
            {
                unread--;
                read++;
            }
        }
        return now;
    }

    private static string Time(double seconds) => seconds switch
    {
        < 120 => $"{seconds:0.0} s",
        < 7200 => $"{seconds / 60:0.0} min",
        _ => $"{seconds / 3600:0.0} h",
    };

    /// <summary>How often tasks were read, and how long after its end each was seen.</summary>
    private sealed record Waits(double Reads, double Median, double P95, double Max)
    {
        public static Waits Of(EmulatedTask[] tasks)
        {
            var delays = tasks.Select(task => (task.SeenAt!.Value - task.EndsAt).TotalSeconds).ToArray();
            return new Waits(tasks.Average(task => task.Reads), delays.Median(), delays.Quantile(0.95), delays.Max());
        }

        public override string ToString() => $"{Reads:0.00} reads, {Median:0.00} s / {P95:0.00} s / {Max:0.0} s";
    }
}
