namespace MidJourney.Bench.Simulation;

/// <summary>Runs a strategy against a model gateway in virtual time. Each answer takes 20 ms; the number of requests in flight is limited.</summary>
internal static class Gateway
{
    private const double AnswerTime = 0.02;

    public static Outcome Run(IStrategy strategy, Durations durations, Progress progress, Arrivals arrivals, int count, int inFlight, int seed)
    {
        var random = new Random(seed);
        var tasks = Enumerable.Range(0, count).Select(n => new SimulatedTask { Number = n, Made = arrivals.At(n), Duration = durations.Draw(random) }).ToArray();
        var answers = new Queue<(SimulatedTask Task, double Asked)>();
        var peak = new PeakRate();
        var (next, left, now) = (0, count, 0.0);
        while (left > 0)
        {
            while (next < count && tasks[next].Made <= now) strategy.Add(tasks[next++], now);
            while (answers.TryPeek(out var answer) && answer.Asked + AnswerTime <= now)
            {
                answers.Dequeue();
                if (Deliver(strategy, progress, answer.Task, answer.Asked + AnswerTime / 2, now)) left--;
            }
            while (answers.Count < inFlight && strategy.Take(now) is { } due)
            {
                due.Polls++;
                peak.Count(now);
                answers.Enqueue((due, now));
            }
            var times = new[]
            {
                next < count ? tasks[next].Made : double.PositiveInfinity,
                answers.TryPeek(out var first) ? first.Asked + AnswerTime : double.PositiveInfinity,
                answers.Count < inFlight && strategy.NextDue is { } dueAt ? Math.Max(dueAt, now) : double.PositiveInfinity,
            };
            if (left > 0) now = times.Min();
        }
        return Outcome.Of(tasks, peak.Highest);
    }

    private static bool Deliver(IStrategy strategy, Progress progress, SimulatedTask task, double looked, double now)
    {
        if (task.Ends > looked)
        {
            strategy.SeenRunning(task, progress.At((looked - task.Made) / task.Duration), now);
            return false;
        }
        task.Seen = now;
        strategy.SeenEnded(task, now);
        return true;
    }
}

/// <summary>A task of the simulated gateway. Times are seconds of virtual time.</summary>
internal sealed class SimulatedTask
{
    public required int Number { get; init; }

    public required double Made { get; init; }

    public required double Duration { get; init; }

    public double Ends => Made + Duration;

    /// <summary>When the client learned that the task had ended.</summary>
    public double Seen { get; set; }

    public int Polls { get; set; }
}

/// <summary>The largest number of requests in any one second.</summary>
internal sealed class PeakRate
{
    private readonly Queue<double> _lastSecond = new();

    public int Highest { get; private set; }

    public void Count(double now)
    {
        _lastSecond.Enqueue(now);
        while (_lastSecond.Peek() <= now - 1) _lastSecond.Dequeue();
        Highest = Math.Max(Highest, _lastSecond.Count);
    }
}
