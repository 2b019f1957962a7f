using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>
/// Warns of a job id where a task id belongs (contract: they are different things). It never keeps an id from being read,
/// for ids are opaque: what this session knows is said at once, what the journal or the shape tells only when the gateway
/// does not know the task.
/// </summary>
internal sealed class JobIdHint(GatewayCmdlet cmdlet)
{
    /// <summary>Whoever pipes in a whole column of job ids needs not be told a thousand times.</summary>
    private const int MostWarnings = 5;

    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly Dictionary<MJSession, RecentTasks> _journals = [];

    /// <summary>Before the id is asked for.</summary>
    public void Check(string id, MJSession session)
    {
        if (session.Recent.TryFindOfJob(id, out var task)) Warn(id, Messages.JobIdOfTask(id, task));
    }

    /// <summary>After asking for it was in vain.</summary>
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

    private bool IsEnough(string id) => _warned.Count >= MostWarnings || _warned.Contains(id);

    private RecentTasks ReadJournal(MJSession session)
    {
        var known = new RecentTasks(int.MaxValue);
        try
        {
            foreach (var task in cmdlet.Await(stopping => session.Client.Options.Journal!.ReadAsync(session.BaseUri, stopping)).Tasks) known.Note(task);
        }
        catch (GatewayException)
        {
            // A journal that cannot be read gives no hint, and that is all.
        }
        return known;
    }
}
