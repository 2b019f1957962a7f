namespace MidJourney;

/// <summary>Finds a task's first prompt among other tasks, by following each job to the task that made it.</summary>
internal sealed class Lineage
{
    private readonly Dictionary<string, MJTask> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _makerOfJob = new(StringComparer.Ordinal);

    /// <summary>Adds a task; if it was added before, both snapshots are merged.</summary>
    public void Add(MJTask task)
    {
        if (task.Id.Length == 0) return;
        foreach (var job in task.JobIds()) _makerOfJob[job] = task.Id;
        // Many thousands may be added, so only the origin is held.
        var seen = new MJTask { Id = task.Id }.WithOriginOf(task);
        _byId[task.Id] = _byId.TryGetValue(task.Id, out var other) ? seen.WithOriginOf(other) : seen;
    }

    /// <summary>The prompt at the start of the chain, as far back as it is known; null if it is not known.</summary>
    public string? RootPrompt(MJTask task)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        string? prompt = null;
        for (var step = task; step is not null && visited.Add(step.Id); step = SourceOf(step))
        {
            prompt = step.RootPrompt() ?? prompt;
        }
        return prompt;
    }

    /// <summary>The task, with the origin that the other tasks provide.</summary>
    public MJTask Complete(MJTask task) => SourceOf(task) is not { } maker ? task : task with
    {
        Origin = task.Origin with { SourceTaskId = task.SourceTaskId ?? maker.Id, SourcePrompt = RootPrompt(maker) ?? task.SourcePrompt },
    };

    /// <summary>The ID and the origin of the task that made the image that a task works on; null if it was not added.</summary>
    public MJTask? SourceOf(MJTask task)
    {
        if (task.SourceTaskId is { } id && _byId.TryGetValue(id, out var source)) return source;
        return task.SourceJobId is { } job && _makerOfJob.TryGetValue(job, out var maker) ? _byId[maker] : null;
    }
}
