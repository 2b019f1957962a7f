using System.Diagnostics.CodeAnalysis;

namespace MidJourney.Sessions;

/// <summary>The tasks that a session used last, to complete IDs and to tell a job ID from a task ID. Thread-safe.</summary>
internal sealed class RecentTasks(int max = 1000)
{
    private readonly Dictionary<string, MJTask> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _taskOfJob = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _makerOfJob = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _jobsOfTask = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Newest first.</summary>
    public MJTask[] All
    {
        get { lock (_order) return [.. _order.Reverse().Select(id => _tasks[id])]; }
    }

    public void Note(MJTask task)
    {
        var seen = task.WithoutContent();
        var made = task.JobIds().ToArray();
        lock (_order)
        {
            if (!_tasks.ContainsKey(task.Id)) _order.Enqueue(task.Id);
            _tasks[task.Id] = seen;
            if (task.SourceJobId is { } source) _taskOfJob[source] = task.Id;
            if (task.JobId is { } result) _taskOfJob[result] = task.Id;
            if (made.Length > 0) _jobsOfTask[task.Id] = made;
            foreach (var job in made) _makerOfJob[job] = task.Id;
            if (_order.Count > max) Forget(_order.Dequeue());
        }
    }

    /// <summary>The task with this ID; null if it is not known.</summary>
    public MJTask? Find(string id)
    {
        lock (_order) return _tasks.TryGetValue(id, out var task) ? task : null;
    }

    /// <summary>Whether the ID is a job's, and a task that made the job or was made from it; false if it is a task's ID as well.</summary>
    public bool TryFindOfJob(string id, [NotNullWhen(true)] out MJTask? task)
    {
        task = null;
        lock (_order) return !_tasks.ContainsKey(id) && _taskOfJob.TryGetValue(id, out var taskId) && _tasks.TryGetValue(taskId, out task);
    }

    /// <summary>The task that made a job; null if it is not known.</summary>
    public MJTask? FindMaker(string jobId)
    {
        lock (_order) return _makerOfJob.TryGetValue(jobId, out var id) && _tasks.TryGetValue(id, out var task) ? task : null;
    }

    private void Forget(string id)
    {
        var task = _tasks[id];
        _tasks.Remove(id);
        if (_jobsOfTask.TryGetValue(id, out var made))
        {
            _jobsOfTask.Remove(id);
            foreach (var job in made)
                if (_makerOfJob.TryGetValue(job, out var maker) && maker == id) _makerOfJob.Remove(job);
        }
        foreach (var job in new[] { task.SourceJobId, task.JobId })
            if (job is not null && _taskOfJob.TryGetValue(job, out var other) && other == id) _taskOfJob.Remove(job);
    }
}
