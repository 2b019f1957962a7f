using System.Diagnostics.CodeAnalysis;

namespace MidJourney;

/// <summary>Waiting tasks by when they are due; adding and taking cost O(log n).</summary>
internal sealed class DueQueue
{
    private readonly SortedSet<WaitingTask> _tasks = new(Comparer<WaitingTask>.Create(static (a, b) =>
        a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Number.CompareTo(b.Number)));

    public int Count => _tasks.Count;

    public void Add(WaitingTask task, TimeSpan due)
    {
        task.Due = due;
        _tasks.Add(task);
    }

    /// <summary>When the next one is due; null when there is none.</summary>
    public TimeSpan? NextDue => _tasks.Min?.Due;

    public bool TryTake(TimeSpan now, [NotNullWhen(true)] out WaitingTask? task)
    {
        task = _tasks.Min;
        if (task is null || task.Due > now)
        {
            task = null;
            return false;
        }
        _tasks.Remove(task);
        return true;
    }
}
