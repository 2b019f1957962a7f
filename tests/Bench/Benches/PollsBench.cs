using System.Diagnostics;
using System.Globalization;
using MidJourney.Bench.Baselines;
using MidJourney.Bench.Processes;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>Polls per task and delay, compared with a fixed interval: simulated, and with the emulator.</summary>
internal sealed class PollsBench : IBench
{
    private const int Count = 1000, InFlight = 16;
    private const int ManyCount = 100_000, ManyInFlight = 1600;
    private const int EmulatorLimit = 64;

    public string Name => "polls";

    public async Task<Section> RunAsync(Setup setup)
    {
        var seeds = setup.Pick(5, 2);
        var simulation = new PollSimulation(Count, InFlight, seeds);
        var section = new Section(Name, "Waiting: polls and delay", $"""
            A simulation in virtual time: the module's own planner and other schedules poll a model gateway whose answers take 20 ms. {Count:N0} tasks,
            {InFlight} reads in flight, averages of {seeds} seeds (of max, the maximum). *Delay* is the time from the end of a task to the poll that sees it. *Fixed 3 s* is what the
            published clients do: read at once, then every 3 s. *Exponential* waits 1 s and doubles the wait up to 30 s.
            """);
        foreach (var progress in simulation.Judged().GroupBy(row => row.Situation.Progress)) AddGoals(section, progress.Key, [.. progress]);
        AddProducts(section, seeds);
        AddHints(section, seeds);
        section.Figures.AddRange(await EmulatedAsync(setup));
        AddMany(section, setup);
        section.Details.Add("### The goals one by one\n\n" + simulation.GoalTable() + "\n" + Explanation());
        section.Details.Add("### All schedules\n\n" + simulation.Table());
        return section;
    }

    private static void AddGoals(Section section, Progress progress, (Situation Situation, Outcome Ours, Outcome Fixed3, Goal Goal)[] rows)
    {
        var missed = rows.Where(r => r.Goal.IsMissed).Select(r => $"{r.Situation.Durations.Name} ({r.Situation.Arrivals.Name})").ToArray();
        section.Figures.Add(new($"simulated, progress {progress.Name}: polls per task, delay p50",
            $"{rows.Average(r => r.Ours.Polls):0.0} polls, {rows.Average(r => r.Ours.Median):0.00} s",
            $"{rows.Average(r => r.Fixed3.Polls):0.0} polls, {rows.Average(r => r.Fixed3.Median):0.00} s",
            $"{rows.Select(r => r.Ours.Polls / r.Fixed3.Polls).Median():P0}, {rows.Select(r => r.Ours.Median / r.Fixed3.Median).Median():P0}")
        {
            Goal = new($"{rows[0].Goal.Text}, in {rows.Length} situations", rows.Max(r => r.Goal.Excess)),
            Reason = $"The goal is missed in {missed.Length} of {rows.Length} situations: {string.Join("; ", missed)}.",
        });
    }

    /// <summary>Polls times delay against what theory allows, once 200 tasks were seen.</summary>
    private static void AddProducts(Section section, int seeds)
    {
        foreach (var durations in Durations.All.Where(d => d.Limit is not null))
            foreach (var (progress, allowed) in new[] { (Progress.None, 1.1), (Progress.All[1], 1.1 / 3) })
            {
                var situation = new Situation(Strategy.Ours, durations, progress, Arrivals.All[1]);
                var (ours, fixed3, limit) = (After200(situation), After200(situation with { Strategy = Strategy.Fixed3 }), durations.Limit!.Value);
                section.Figures.Add(new($"simulated, {durations.Name}, progress {progress.Name}, after 200 tasks: (polls − 1) × mean delay",
                    $"{ours.Product:0.0} s", $"{fixed3.Product:0.0} s", $"{ours.Product / limit:P0} of the limit {limit:0.0} s")
                {
                    Headline = $"Polls before the last one × mean delay, tasks of {durations.Name}{(progress == Progress.None ? "" : ", with believable progress")} (instead: a poll every 3 s)",
                    Limit = progress == Progress.None ? $"{limit:0.0} s" : "",
                    Goal = Goal.AtMost(ours.Product / limit, allowed, $"{allowed:P0} of the limit"),
                    Chart = progress != Progress.None ? null : new($"Polls × delay, {durations.Name}", $"{ours.Product:0.0} s", ours.Product,
                        [new($"limit {limit:0.0} s", limit, IsLimit: true), new($"every 3 s: {fixed3.Product:0.0} s", fixed3.Product)]),
                });
            }
        foreach (var durations in Durations.All.Where(d => d.Limit is not null))
        {
            var none = new Situation(Strategy.Ours, durations, Progress.None, Arrivals.All[1]).Run(Count, InFlight, seeds);
            var stuck = new Situation(Strategy.Ours, durations, Progress.All[2], Arrivals.All[1]).Run(Count, InFlight, seeds);
            section.Figures.Add(new($"simulated, {durations.Name}, 95 % after a third of the time, then nothing: delay p95", $"{stuck.P95:0.00} s", $"{none.P95:0.00} s without progress", $"{stuck.P95 / none.P95:P0}")
            {
                Headline = $"Delay, 95 %, tasks of {durations.Name} with misleading progress (instead: without progress)",
                Goal = Goal.AtMost(stuck.P95 / none.P95, 1.05, "as without progress, + 5 %"),
            });
        }

        Outcome After200(Situation situation) => situation.Run(Count, InFlight, seeds, tasks =>
        {
            var known = tasks.Select(t => t.Seen).Order().ElementAt(199);
            return tasks.Where(t => t.Made >= known);
        });
    }

    /// <summary>Callbacks: what they save, and that those that are lost or never come cost no delay.</summary>
    private static void AddHints(Section section, int seeds)
    {
        var table = new Table("tasks of 30–60 s", "session", "callbacks", "counted", "polls per task", "delay mean", "p50", "p95", "p99", "max");
        foreach (var arrivals in new[] { Arrivals.All[0], Arrivals.Hundred })
        {
            var told = new Situation(Strategy.Ours, Durations.HalfToOneMinute, Progress.None, arrivals) { Hints = new("each") };
            foreach (var isWarm in new[] { false, true })
            {
                var outcome = Add(told with { IsWarm = isWarm }, "all", _ => true);
                var wait = isWarm ? "second" : "first";
                section.Figures.Add(new($"simulated, callbacks, {arrivals.Name}, {wait} wait of a session: polls per task, delay p50",
                    $"{outcome.Polls:0.00}, {outcome.Median * 1000:0} ms")
                {
                    Headline = arrivals != Arrivals.Hundred ? null : $"Callbacks: polls per task and median delay, 1,000 tasks of 30–60 s, 100 at a time, {wait} wait of a session (simulated)",
                    Limit = "1, 0 ms",
                    Goal = Goal.All("1.2 polls, 100 ms", Goal.AtMost(outcome.Polls, 1.2), Goal.AtMost(outcome.Median, 0.1)),
                    Reason = "Until callbacks have proved to come, a sample of the tasks is polled, and all of them while tasks end.",
                });
            }
            Compare("20 % of callbacks lost", told with { Hints = new("20 % lost") { Loss = 0.2 } });
            Compare("callbacks that stop after 45 s", told with { Hints = new("stop after 45 s") { Until = 45 } });
            Compare("callbacks that never come", told with { Hints = new("never") { Loss = 1 } });
            Add(told with { Hints = new("for 2 early states, each twice") { Early = [0.2, 2], Repeats = 1 } }, "all", _ => true);
            Add(told with { Hints = new("each; reads lag by 0.4 s") { ReadLag = 0.4 } }, "all", _ => true);
        }
        section.Details.Add($"### Callbacks, {Count:N0} tasks\n\n{table}");

        void Compare(string name, Situation situation)
        {
            var ours = Add(situation, "without callback", t => t.IsLost);
            var alone = Add(situation with { Strategy = Strategy.Deaf }, "the same, polling alone", t => t.IsLost);
            var (mean, p99) = (ours.Mean / alone.Mean, ours.P99 / alone.P99);
            section.Figures.Add(new($"simulated, {name}, {situation.Arrivals.Name}: delay mean / p99 of tasks without callback",
                $"{ours.Mean:0.00} s / {ours.P99:0.00} s", $"{alone.Mean:0.00} s / {alone.P99:0.00} s", $"{mean:P0} / {p99:P0}")
            {
                Headline = situation.Hints.Loss is not 0.2 || situation.Arrivals != Arrivals.Hundred ? null : "… 20 % of the callbacks lost: mean / 99 % of the delay of those tasks (instead: polling alone)",
                Goal = Goal.All("as by polling alone, + 10 %", Goal.AtMost(mean, 1.1), Goal.AtMost(p99, 1.1)),
            });
        }

        Outcome Add(Situation situation, string counted, Func<SimulatedTask, bool> isCounted)
        {
            var o = situation.RunTogether(Count, InFlight, seeds, isCounted);
            table.Add(situation.Arrivals.Name, situation.IsWarm ? "second wait" : "first wait", situation.Hints.Name, counted,
                $"{o.Polls:0.00}", $"{o.Mean:0.00} s", $"{o.Median:0.00} s", $"{o.P95:0.00} s", $"{o.P99:0.00} s", $"{o.Max:0.0} s");
            return o;
        }
    }

    private static string Explanation()
    {
        double MedianOf(Strategy strategy) => new Situation(strategy, new Durations("31 s", _ => 31), Progress.None, Arrivals.All[1]).Run(Count, InFlight, 1).Median;
        return $"""
            Why some goals are missed:

            - *30 s, 1 % stuck at 10 min*: a fixed interval of 3 s happens to fit. Its reads are 3.02 s apart (3 s and an answer of 20 ms), so the tenth comes at 30.2 s,
              0.2 s after nearly all tasks have ended. For tasks of 31 s its median delay is {MedianOf(Strategy.Fixed3):0.00} s and ours {MedianOf(Strategy.Ours):0.00} s.
            - *All at once*: to read 1,000 tasks that end together with 16 requests of 20 ms in flight takes 1.25 s. Half of them are
              seen after 0.63 s at the earliest, whatever the schedule.
            - *No progress*: the planner knows only a task's age and how long other tasks took. Tasks that started together reveal nothing about each other until
              the first one has ended.
            """;
    }

    private static void AddMany(Section section, Setup setup)
    {
        var table = new Table("tasks", "arrivals", "progress", "polls per task", "delay p50", "p95", "peak requests/s", "simulated in");
        var slowest = 0.0;
        foreach (var arrivals in new[] { Arrivals.All[0], new Arrivals("500 per second", n => n / 500.0) })
            foreach (var durations in setup.Pick(Durations.All, Durations.All[..1]))
                foreach (var progress in Progress.All[..2])
                {
                    var clock = Stopwatch.StartNew();
                    var outcome = new Situation(Strategy.Ours, durations, progress, arrivals).Run(ManyCount, ManyInFlight, 1);
                    var seconds = clock.Elapsed.TotalSeconds;
                    slowest = Math.Max(slowest, seconds);
                    table.Add(durations.Name, arrivals.Name, progress.Name, $"{outcome.Polls:0.00}", $"{outcome.Median:0.00} s", $"{outcome.P95:0.00} s", $"{outcome.PeakRate:N0}", $"{seconds:0.0} s");
                }
        section.Figures.Add(new($"time to simulate {ManyCount:N0} tasks, slowest", $"{slowest:0.0} s") { Goal = Goal.AtMost(slowest, 30, "30 s (well under a minute)") });
        section.Details.Add($"### {ManyCount:N0} tasks, {ManyInFlight:N0} reads in flight\n\n{table}");
    }

    /// <summary>Wait-MJTask and a poller with a fixed interval of 3 s, both with the emulator.</summary>
    private static async Task<Figure[]> EmulatedAsync(Setup setup)
    {
        var linear = await ModuleAsync("{}");
        var none = await ModuleAsync("""{"shapes":{"default":{"progress":"missing"}}}""");
        await using var emulator = await StartAsync("");
        using var client = Rows.NewClient(emulator.BaseUri);
        using var poller = new FixedPoller(client, EmulatorLimit, TimeSpan.FromSeconds(3));
        var seen = await poller.WaitAsync(await poller.CreateAsync(Count));
        var fixed3 = await Delays.OfAsync(emulator, seen, poller.Reads);
        return [Compare("linear", linear, 1 / 3.0), Compare("none", none, 0.7)];

        async Task<Delays> ModuleAsync(string script)
        {
            var file = setup.Programs.PathOf("emulator.json");
            await File.WriteAllTextAsync(file, script);
            await using var gateway = await StartAsync($" --script {file}");
            var run = await gateway.RunScriptAsync("wait.ps1", $"-Count {Count} -ThrottleLimit {EmulatorLimit}");
            var ends = run.Values.Where(v => v.Key != "reads").ToDictionary(v => v.Key, v => new DateTime(long.Parse(v.Value, CultureInfo.InvariantCulture), DateTimeKind.Utc));
            return await Delays.OfAsync(gateway, ends, run["reads"]);
        }

        Task<EmulatorProcess> StartAsync(string more) => setup.StartEmulatorAsync("--duration 1-10 --answer-delay 20" + more);

        Figure Compare(string progress, Delays ours, double maxMedian)
        {
            var (polls, median, p95) = (ours.Polls / fixed3.Polls, ours.Median / fixed3.Median, ours.P95 / fixed3.P95);
            return new($"emulator, 1–10 s, progress {progress}: polls per task, delay p50 / p95", $"{ours}", $"{fixed3}", $"{polls:P0}, {median:P0} / {p95:P0}")
            {
                Goal = Goal.All($"polls 100 %, p50 {maxMedian:P0}, p95 100 %", Goal.AtMost(polls, 1), Goal.AtMost(median, maxMedian), Goal.AtMost(p95, 1)),
            };
        }
    }

    private sealed record Delays(double Polls, double Median, double P95)
    {
        public static async Task<Delays> OfAsync(EmulatorProcess emulator, Dictionary<string, DateTime> seen, double reads)
        {
            var ends = await emulator.EndsAsync();
            var delays = seen.Select(one => (new DateTimeOffset(one.Value) - ends[one.Key]).TotalSeconds).ToArray();
            return new Delays(reads / seen.Count, delays.Median(), delays.Quantile(0.95));
        }

        public override string ToString() => $"{Polls:0.00}, {Median:0.00} s / {P95:0.00} s";
    }
}
