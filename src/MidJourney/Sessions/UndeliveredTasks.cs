namespace MidJourney.Sessions;

/// <summary>
/// The tasks of a session that cmdlets hold and have not written to the pipeline. A cmdlet lets go of a task just before it writes it, so that
/// a cmdlet downstream can take it in meanwhile. Safe for use by many threads.
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

    /// <summary>A cmdlet is done with the task, which goes on: it stays if another one took it in, and did not finish.</summary>
    public void Release(string id)
    {
        lock (_tasks)
        {
            if (!_tasks.TryGetValue(id, out var held)) return;
            if (held.Holders > 1) _tasks[id] = held with { Holders = held.Holders - 1 };
            else _tasks.Remove(id);
        }
    }

    /// <summary>The task has ended, and comes out: nobody needs to wait for it any more.</summary>
    public void Remove(string id)
    {
        lock (_tasks) _tasks.Remove(id);
    }

    private readonly record struct Held(MJTask Task, int Holders, long Number);
}
