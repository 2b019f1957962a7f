namespace MidJourney;

/// <summary>Waiting tasks by when they are due; adding and taking cost O(log n).</summary>
internal sealed class DueQueue
{
    private readonly SortedSet<WaitingTask> _tasks = new(Comparer<WaitingTask>.Create(static (a, b) =>
        a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Number.CompareTo(b.Number)));

    public int Count => _tasks.Count;

    /// <summary>When the next one is due; null when there is none.</summary>
    public double? NextDue => _tasks.Min?.Due;

    public void Add(WaitingTask task, double due)
    {
        task.Due = due;
        _tasks.Add(task);
    }

    /// <summary>The next one, if it is due.</summary>
    public WaitingTask? TryTake(double now)
    {
        if (_tasks.Min is not { } task || task.Due > now) return null;
        _tasks.Remove(task);
        return task;
    }

    /// <summary>All of them, in no useful order; the queue is empty then.</summary>
    public WaitingTask[] TakeAll()
    {
        var all = _tasks.ToArray();
        _tasks.Clear();
        return all;
    }
}
