using MidJourney.Journal;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>Lists a journal's tasks for a cmdlet, which reports what is wrong with the journal.</summary>
internal static class JournalListing
{
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="address">The gateway whose tasks to list.</param>
    /// <param name="isOptional">Whether the cmdlet can go on without the journal.</param>
    public static IReadOnlyList<MJTask> Read(GatewayCmdlet cmdlet, TaskJournal journal, Uri address, bool isOptional = false)
    {
        try
        {
            var (tasks, badLines) = cmdlet.Await(stopping => journal.ReadAsync(address, stopping));
            if (badLines > 0) cmdlet.WriteWarning(Messages.JournalLinesNotListed(badLines, journal.Path!));
            if (journal.ModeProblem is { } problem) cmdlet.WriteWarning(problem);
            return [.. WithOrigins(tasks).Select(Owned)];
        }
        catch (GatewayException e) when (isOptional)
        {
            cmdlet.WriteWarning(Messages.WithoutJournal(e.Message));
            return [];
        }
        catch (GatewayException e)
        {
            cmdlet.ThrowTerminatingError(ErrorCatalog.Record(e, journal.Path));
            throw;
        }

        // The journal holds the tasks of every account at the gateway; the session's own are read where they are listed.
        MJTask Owned(MJTask task) => task with
        {
            BaseUri = SubmissionKey.AddressOf(address),
            Owner = (cmdlet.Session ?? SessionStore.Current) is { } session && (task.Account is null || session.Account is null || task.Account == session.Account) ? new TaskOwner(session) : default,
        };
    }

    /// <summary>A job ID that was typed in most likely came from one of these tasks, too.</summary>
    private static IReadOnlyList<MJTask> WithOrigins(IReadOnlyList<MJTask> tasks)
    {
        if (!tasks.Any(t => t.SourceJobId is not null && t.SourceTaskId is null)) return tasks;
        var lineage = new Lineage();
        foreach (var task in tasks) lineage.Add(task);
        return [.. tasks.Select(lineage.Complete)];
    }
}

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

    /// <summary>The prompt at the start of the chain, as far back as it is known; null if there is none.</summary>
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

    /// <summary>The origin of the task whose image was edited; null if it was not added.</summary>
    public MJTask? SourceOf(MJTask task)
    {
        if (task.SourceTaskId is { } id && _byId.TryGetValue(id, out var source)) return source;
        return task.SourceJobId is { } job && _makerOfJob.TryGetValue(job, out var maker) ? _byId[maker] : null;
    }
}
