namespace MidJourney.Sessions;

/// <summary>
/// The tasks of a session that cmdlets hold and have not yet written to the pipeline. A cmdlet releases a task just before it writes it, so that
/// a downstream cmdlet can hold it during the write. Thread-safe.
/// </summary>
internal sealed class UndeliveredTasks
{
    private readonly Dictionary<string, Held> _tasks = new(StringComparer.Ordinal);
    private long _count;

    /// <summary>Oldest first.</summary>
    public MJTask[] All
    {
        get { lock (_tasks) return [.. _tasks.Values.OrderBy(h => h.Number).Select(h => h.Task)]; }
    }

    public bool Contains(string id)
    {
        lock (_tasks) return _tasks.ContainsKey(id);
    }

    /// <summary>One more cmdlet holds the task.</summary>
    public void Hold(MJTask task)
    {
        lock (_tasks)
        {
            _tasks[task.Id] = _tasks.TryGetValue(task.Id, out var held)
                ? held with { Task = held.Task.WithOriginOf(task), Holders = held.Holders + 1 }
                : new Held(task, 1, _count++);
        }
    }

    /// <summary>A cmdlet is done with a task that continues; it stays if another cmdlet still holds it.</summary>
    public void Release(string id)
    {
        lock (_tasks)
        {
            if (!_tasks.TryGetValue(id, out var held)) return;
            if (held.Holders > 1) _tasks[id] = held with { Holders = held.Holders - 1 };
            else _tasks.Remove(id);
        }
    }

    /// <summary>The task has ended and is returned.</summary>
    public void Remove(string id)
    {
        lock (_tasks) _tasks.Remove(id);
    }

    private readonly record struct Held(MJTask Task, int Holders, long Number);
}
