namespace MidJourney;

/// <summary>Waiting tasks by when they are due and by when they are given up; adding and taking cost O(log n).</summary>
internal sealed class DueQueue
{
    private readonly SortedSet<WaitingTask> _byDue = SortedBy(t => t.Due);
    private readonly SortedSet<WaitingTask> _byDeadline = SortedBy(t => t.Deadline);

    public int Count => _byDue.Count;

    /// <summary>When the next one is due; null when there is none.</summary>
    public double? NextDue => _byDue.Min?.Due;

    /// <summary>When the next one is given up; null when none ever is.</summary>
    public double? NextDeadline => _byDeadline.Min?.Deadline;

    public void Add(WaitingTask task, double due)
    {
        task.Due = due;
        _byDue.Add(task);
        if (!double.IsPositiveInfinity(task.Deadline)) _byDeadline.Add(task);
    }

    /// <summary>The next one, if it is due.</summary>
    public WaitingTask? TakeDue(double now) => _byDue.Min is { } task && task.Due <= now ? Take(task) : null;

    /// <summary>The next one whose deadline is over.</summary>
    public WaitingTask? TakeExpired(double now) => _byDeadline.Min is { } task && task.Deadline <= now ? Take(task) : null;

    /// <summary>Gives every task a new time.</summary>
    public void Replan(Func<WaitingTask, double> plan)
    {
        var all = _byDue.ToArray();
        _byDue.Clear();
        foreach (var task in all)
        {
            task.Due = plan(task);
            _byDue.Add(task);
        }
    }

    private WaitingTask Take(WaitingTask task)
    {
        _byDue.Remove(task);
        _byDeadline.Remove(task);
        return task;
    }

    private static SortedSet<WaitingTask> SortedBy(Func<WaitingTask, double> key) => new(Comparer<WaitingTask>.Create((a, b) =>
        key(a).CompareTo(key(b)) is not 0 and var order ? order : a.Number.CompareTo(b.Number)));
}
