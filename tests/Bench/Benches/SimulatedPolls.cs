using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>The simulation, all of it: every strategy in every situation.</summary>
internal sealed class SimulatedPolls(int count, int inFlight, int seeds)
{
    private readonly Dictionary<Situation, Outcome> _outcomes = [];

    public IReadOnlyDictionary<Situation, Outcome> Outcomes => _outcomes;

    public string Table()
    {
        var table = new Table("tasks", "arrivals", "strategy", "polls a task", "delay p50", "p95", "max", "requests/s at the peak");
        foreach (var (durations, arrivals) in Settings())
        {
            foreach (var strategy in Strategy.Others) AddRow(table, new(strategy, durations, Progress.None, arrivals), strategy.Name);
            foreach (var progress in Progress.All) AddRow(table, new(Strategy.Ours, durations, progress, arrivals), $"ours, progress {progress.Name}");
        }
        return table.ToString();
    }

    public string GoalTable()
    {
        var table = new Table("tasks", "arrivals", "progress", "polls, to fixed 3 s", "p50", "p95", "max", "goal", "");
        foreach (var (situation, ours, fixed3, verdict) in Judged())
            table.Add(situation.Durations.Name, situation.Arrivals.Name, situation.Progress.Name,
                $"{ours.Polls / fixed3.Polls:P0}", $"{ours.Median / fixed3.Median:P0}", $"{ours.P95 / fixed3.P95:P0}", $"{ours.Max:0.0} s", verdict.Goal, verdict.ToString());
        return table.ToString();
    }

    public IEnumerable<(Situation Situation, Outcome Ours, Outcome Fixed3, Verdict Verdict)> Judged() =>
        from setting in Settings()
        from progress in Progress.All
        let situation = new Situation(Strategy.Ours, setting.Durations, progress, setting.Arrivals)
        let ours = Of(situation)
        let fixed3 = Of(situation with { Strategy = Strategy.Fixed3, Progress = Progress.None })
        let none = Of(situation with { Progress = Progress.None })
        select (situation, ours, fixed3, PollGoals.Judge(progress.Name, ours, fixed3, none));

    private static IEnumerable<(Durations Durations, Arrivals Arrivals)> Settings() =>
        from arrivals in Arrivals.All from durations in Durations.All select (durations, arrivals);

    private void AddRow(Table table, Situation situation, string strategy)
    {
        var outcome = Of(situation);
        table.Add(situation.Durations.Name, situation.Arrivals.Name, strategy,
            $"{outcome.Polls:0.00}", $"{outcome.Median:0.00} s", $"{outcome.P95:0.00} s", $"{outcome.Max:0.0} s", $"{outcome.PeakRate:0}");
    }

    private Outcome Of(Situation situation) =>
        _outcomes.TryGetValue(situation, out var outcome) ? outcome : _outcomes[situation] = situation.Run(count, inFlight, seeds);
}
