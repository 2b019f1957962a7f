using System.Diagnostics;
using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>Few polls, little delay: simulated, and on the emulator.</summary>
internal sealed class PollsBench : IBench
{
    private const int Count = 1000, InFlight = 16;
    private const int ManyCount = 100_000, ManyInFlight = 1600;

    public string Name => "polls";

    /// <summary>The last simulation, for the chart.</summary>
    public SimulatedPolls? Simulated { get; private set; }

    public async Task<Section> RunAsync(Setup setup)
    {
        var seeds = setup.Pick(5, 2);
        Simulated = new SimulatedPolls(Count, InFlight, seeds);
        var section = new Section(Name, "Waiting: few polls, little delay", $"""
            A simulation in virtual time: the module's own planner and other schedules against a model gateway whose answers take 20 ms, {Count:N0} tasks,
            {InFlight} reads in flight, averages of {seeds} seeds (the longest delay of all). *Delay* is from the end of a task to its being seen. *Fixed 3 s* is what the
            published clients do: read at once, then every 3 s; *exponential* waits 1 s and doubles that up to 30 s.

            ![Polls a task against median delay, by strategy](polls.svg)
            """);
        AddGoals(section);
        section.Figures.AddRange(await new EmulatedPolls(setup).RunAsync());
        AddMany(section, setup);
        section.Details.Add("### The goals, one by one\n\n" + Simulated.GoalTable() + "\n" + Explanation.Replace("RESONANCE", Resonance(), StringComparison.Ordinal));
        section.Details.Add("### All schedules\n\n" + Simulated.Table());
        return section;
    }

    private const string Explanation = """
        Why some are missed:

        - *30 s, 1 % stuck at 10 min*: the reference is lucky there. Its reads are 3.02 s apart (3 s and an answer of 20 ms), so its tenth comes at 30.2 s,
          0.2 s after nearly all tasks have ended. That is a resonance of 3 s with 30 s: for tasks of 31 s its median is RESONANCE.
        - *All at once*: when 1,000 tasks that end together are read by 16 requests of 20 ms in flight, that alone takes 1.25 s and half of them are
          seen no sooner than after 0.63 s, whatever the schedule.
        - *No progress*: nothing is known of a task but its age, and of the others how long they took. Tasks that began together tell each other nothing before
          the first has ended.
        """;

    private static string Resonance()
    {
        string MedianOf(Strategy strategy) =>
            $"{new Situation(strategy, new Durations("31 s", _ => 31), Progress.None, Arrivals.All[1]).Run(Count, InFlight, 1).Median:0.00} s";
        return $"{MedianOf(Strategy.Fixed3)} and ours {MedianOf(Strategy.Ours)}";
    }

    private void AddGoals(Section section)
    {
        var judged = Simulated!.Judged().ToArray();
        foreach (var group in judged.GroupBy(row => row.Situation.Progress.Name))
        {
            var met = group.Count(row => !row.Verdict.IsMissed);
            section.Figures.Add(new($"simulated, progress {group.Key}: polls, and delay p50, to fixed 3 s",
                $"{group.Average(row => row.Ours.Polls):0.0} polls, {group.Average(row => row.Ours.Median):0.00} s", $"{group.Average(row => row.Fixed3.Polls):0.0} polls, {group.Average(row => row.Fixed3.Median):0.00} s",
                $"{group.Select(row => row.Ours.Polls / row.Fixed3.Polls).Median():P0}, {group.Select(row => row.Ours.Median / row.Fixed3.Median).Median():P0}",
                new($"{group.First().Verdict.Goal}, in {group.Count()} situations", group.Max(row => row.Verdict.Excess)))
            {
                Why = $"met in {met} of {group.Count()}; see the goals one by one.",
            });
        }
    }

    private static void AddMany(Section section, Setup setup)
    {
        var table = new Table("tasks", "arrivals", "progress", "polls a task", "delay p50", "p95", "requests/s at the peak", "simulated in");
        var slowest = TimeSpan.Zero;
        foreach (var arrivals in new[] { Arrivals.All[0], new Arrivals("500 a second", n => n / 500.0) })
            foreach (var durations in setup.Pick(Durations.All, Durations.All[..1]))
                foreach (var progress in Progress.All[..2])
                {
                    var clock = Stopwatch.StartNew();
                    var outcome = new Situation(Strategy.Ours, durations, progress, arrivals).Run(ManyCount, ManyInFlight, 1);
                    if (clock.Elapsed > slowest) slowest = clock.Elapsed;
                    table.Add(durations.Name, arrivals.Name, progress.Name, $"{outcome.Polls:0.00}", $"{outcome.Median:0.00} s", $"{outcome.P95:0.00} s", $"{outcome.PeakRate:N0}", $"{clock.Elapsed.TotalSeconds:0.0} s");
                }
        section.Figures.Add(new($"time to simulate {ManyCount:N0} tasks, slowest", $"{slowest.TotalSeconds:0.0} s", "", "", Verdict.AtMost(slowest.TotalSeconds, 30, "30 s (well under a minute)")));
        section.Details.Add($"### {ManyCount:N0} tasks, {ManyInFlight:N0} reads in flight\n\n{table}");
    }
}
