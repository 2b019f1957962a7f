using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>Every strategy in every situation, and whether the module's meets its goals.</summary>
internal sealed class PollSimulation(int count, int inFlight, int seeds)
{
    private const double MaxDelay = 15;

    private readonly Dictionary<Situation, Outcome> _outcomes = [];

    public IReadOnlyDictionary<Situation, Outcome> Outcomes => _outcomes;

    public string Table()
    {
        var table = new Table("tasks", "arrivals", "strategy", "polls per task", "delay p50", "p95", "max", "peak requests/s");
        foreach (var (durations, arrivals) in Settings())
        {
            foreach (var strategy in Strategy.Others) AddRow(table, new(strategy, durations, Progress.None, arrivals), strategy.Name);
            foreach (var progress in Progress.All) AddRow(table, new(Strategy.Ours, durations, progress, arrivals), $"ours, progress {progress.Name}");
        }
        return table.ToString();
    }

    public string GoalTable()
    {
        var table = new Table("tasks", "arrivals", "progress", "polls, % of fixed 3 s", "p50", "p95", "max", "goal", "result");
        foreach (var (situation, ours, fixed3, goal) in Judged())
            table.Add(situation.Durations.Name, situation.Arrivals.Name, situation.Progress.Name,
                $"{ours.Polls / fixed3.Polls:P0}", $"{ours.Median / fixed3.Median:P0}", $"{ours.P95 / fixed3.P95:P0}", $"{ours.Max:0.0} s", goal.Text, goal.Result);
        return table.ToString();
    }

    public IEnumerable<(Situation Situation, Outcome Ours, Outcome Fixed3, Goal Goal)> Judged() =>
        from setting in Settings()
        from progress in Progress.All
        let situation = new Situation(Strategy.Ours, setting.Durations, progress, setting.Arrivals)
        let ours = Of(situation)
        let fixed3 = Of(situation with { Strategy = Strategy.Fixed3, Progress = Progress.None })
        let none = Of(situation with { Progress = Progress.None })
        select (situation, ours, fixed3, GoalOf(progress.Name, ours, fixed3, none));

    /// <summary>Compares the module with the published clients' schedule and, where progress misleads, with itself without progress.</summary>
    private static Goal GoalOf(string progress, Outcome ours, Outcome fixed3, Outcome none)
    {
        Goal[] tail = [Goal.AtMost(ours.P95 / fixed3.P95, 1), Goal.AtMost(ours.Max, MaxDelay)];
        return progress switch
        {
            "none" => Goal.All("30 % less delay or polls", [.. tail, Goal.Any("", Both(fixed3, 1, 0.7), Both(fixed3, 0.7, 1))]),
            "linear" => Goal.All("no more polls, a third of the delay", [.. tail, Both(fixed3, 1, 1 / 3.0)]),
            _ => Goal.All("as without progress, + 10 %", [.. tail, Both(none, 1.1, 1.1)]),
        };

        Goal Both(Outcome other, double polls, double delay) => Goal.All("", Goal.AtMost(ours.Polls / other.Polls, polls), Goal.AtMost(ours.Median / other.Median, delay));
    }

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
