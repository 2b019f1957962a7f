namespace MidJourney.Bench.Simulation;

/// <summary>Runs a strategy against a model gateway in virtual time. Each answer takes 20 ms; the number of requests in flight is limited.</summary>
internal sealed class Gateway(Situation situation, IStrategy strategy, SimulatedTask[] tasks, int inFlight)
{
    private const double AnswerTime = 0.02;

    private readonly Queue<(SimulatedTask Task, double Asked)> _answers = new();
    private readonly PriorityQueue<SimulatedTask, double> _callbacks = new();
    private int _left = tasks.Length;

    /// <summary>The largest number of requests in any one second.</summary>
    public PeakRate Peak { get; } = new();

    public void Run()
    {
        foreach (var task in tasks)
            foreach (var at in task.Callbacks) _callbacks.Enqueue(task, at);
        for (var (next, now) = (0, 0.0); ; now = Next(next, now))
        {
            while (next < tasks.Length && tasks[next].Made <= now) strategy.Add(tasks[next++], now);
            while (_callbacks.TryPeek(out var called, out var at) && at <= now)
            {
                _callbacks.Dequeue();
                strategy.Hint(called, now);
            }
            while (_answers.TryPeek(out var answer) && answer.Asked + AnswerTime <= now)
            {
                _answers.Dequeue();
                Deliver(answer.Task, answer.Asked + AnswerTime / 2, now);
            }
            while (_answers.Count < inFlight && strategy.Take(now) is { } due)
            {
                due.Polls++;
                Peak.Count(now);
                _answers.Enqueue((due, now));
            }
            if (_left == 0) return;
        }
    }

    private double Next(int next, double now)
    {
        var at = double.PositiveInfinity;
        if (next < tasks.Length) at = tasks[next].Made;
        if (_callbacks.TryPeek(out _, out var callback)) at = Math.Min(at, callback);
        if (_answers.TryPeek(out var first)) at = Math.Min(at, first.Asked + AnswerTime);
        if (_answers.Count < inFlight && strategy.NextDue is { } due) at = Math.Min(at, Math.Max(due, now));
        return at;
    }

    private void Deliver(SimulatedTask task, double looked, double now)
    {
        if (task.Ends + situation.Hints.ReadLag > looked)
        {
            strategy.SeenRunning(task, situation.Progress.At(Math.Min(1, (looked - task.Made) / task.Duration)), now);
            return;
        }
        task.Seen = now;
        strategy.SeenEnded(task, now);
        _left--;
    }
}

/// <summary>A task of the simulated gateway. Times are seconds of virtual time.</summary>
internal sealed class SimulatedTask
{
    public required int Number { get; init; }

    public required double Made { get; init; }

    public required double Duration { get; init; }

    /// <summary>When its callbacks arrive.</summary>
    public double[] Callbacks { get; set; } = [];

    /// <summary>Whether the callback for its end never arrives.</summary>
    public bool IsLost { get; set; }

    public double Ends => Made + Duration;

    /// <summary>When the client learned that the task had ended.</summary>
    public double Seen { get; set; }

    public double Delay => Seen - Ends;

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
