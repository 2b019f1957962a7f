using System.Collections.Concurrent;

namespace MidJourney.Commands.Shared;

/// <summary>
/// Finds what a task was made from if the input has only its ID, so that it is the same task as from the cmdlet that submitted it: in the session, otherwise in
/// the journal. Thread-safe.
/// </summary>
internal sealed class OriginLookup
{
    private readonly ConcurrentDictionary<MJSession, Task> _loads = new();

    /// <summary>Whether the task has only its ID, and perhaps its model, which the gateway tells, too.</summary>
    public static bool IsNeeded(MJTask task) => task.Origin with { Model = null } == MJOrigin.Unknown;

    /// <summary>The task with its origin; unchanged if it has one, or if none is known.</summary>
    public async Task<MJTask> CompleteAsync(MJTask task, MJSession session, CancellationToken cancellationToken)
    {
        if (!IsNeeded(task)) return task;
        var known = session.Recent.Find(task.Id);
        try
        {
            var journal = session.Client.Options.Journal!;
            // Loaded once, so that thousands of IDs that it does not contain take no time.
            if (known is null) await _loads.GetOrAdd(session, _ => journal.LoadAsync(cancellationToken)).ConfigureAwait(false);
            if (known is null && journal.Contains(session.BaseUri, task.Id)) known = await journal.TaskOfAsync(session.BaseUri, task.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (GatewayException)
        {
            // The task can be read without the journal. The command that needs the journal reports it.
        }
        return known is null ? task : task.WithOriginOf(known);
    }
}
