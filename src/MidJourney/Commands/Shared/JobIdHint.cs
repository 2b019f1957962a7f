using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>
/// Warns about a job ID where a task ID is expected (contract: they are different). It never keeps an ID from being read, because IDs are opaque: if this session
/// knows the job, it warns at once; the journal and the shape of the ID are consulted only after the gateway did not find the task.
/// </summary>
internal sealed class JobIdHint(GatewayCmdlet cmdlet)
{
    /// <summary>A whole column of job IDs should not cause a thousand warnings.</summary>
    private const int MaxWarnings = 5;

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly Dictionary<MJSession, RecentTasks> _journals = [];

    /// <summary>Called before the task is read.</summary>
    public void Check(string id, MJSession session)
    {
        if (session.Recent.TryFindOfJob(id, out var task)) Warn(id, Messages.JobIdOfTask(id, task));
    }

    /// <summary>Called after the read failed.</summary>
    public void Explain(MJTask asked, GatewayException error)
    {
        var id = asked.Id;
        if (error.Kind != GatewayErrorKind.TaskNotFound || IsEnough(id)) return;
        var session = asked.Owner.Session as MJSession ?? cmdlet.CurrentSession;
        if (!_journals.TryGetValue(session, out var journal)) _journals[session] = journal = ReadJournal(session);
        if (journal.TryFindOfJob(id, out var task)) Warn(id, Messages.JobIdOfTask(id, task));
        else if (Guid.TryParse(id, out _)) Warn(id, Messages.LooksLikeJobId(id));
    }

    private void Warn(string id, string message)
    {
        if (IsEnough(id)) return;
        _warned.Add(id);
        cmdlet.WriteWarning(message);
    }

    private bool IsEnough(string id) => _warned.Count >= MaxWarnings || _warned.Contains(id);

    private RecentTasks ReadJournal(MJSession session)
    {
        var known = new RecentTasks(int.MaxValue);
        try
        {
            foreach (var task in cmdlet.Await(stopping => session.Client.Options.Journal!.ReadAsync(session.BaseUri, stopping)).Tasks) known.Note(task);
        }
        catch (GatewayException)
        {
            // Without the journal there is no hint.
        }
        return known;
    }
}
