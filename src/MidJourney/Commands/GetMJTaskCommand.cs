using System.Collections.Concurrent;
using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Polling;

namespace MidJourney.Commands;

/// <summary>Reads each task once and returns the tasks in input order. Without an id, lists the journal, newest first, without network requests.</summary>
[Cmdlet(VerbsCommon.Get, "MJTask", DefaultParameterSetName = FromJournal)]
[OutputType(typeof(MJTask))]
public sealed class GetMJTaskCommand : TaskInputCmdlet
{
    private const string FromJournal = "Journal";

    private readonly Queue<Reading> _readings = new();
    private StageProgress? _progress;
    private readonly Queue<(MJTask Task, MJSession Session, bool ShowsFailure)> _taken = new();
    private readonly ConcurrentDictionary<MJSession, bool> _refused = new();
    private int _notRead;
    private int _listed;

    private protected override bool IsAwaitedAt(MJSession session) => _readings.Any(r => r.Session == session);

    /// <summary>List only tasks with these statuses. OutcomeUnknown: submissions whose response was lost.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    [ValidateNotNullOrEmpty]
    [ValidateSet(MJTaskStatus.Unknown, MJTaskStatus.Pending, MJTaskStatus.InProgress, MJTaskStatus.Completed, MJTaskStatus.Failed, MJTaskStatus.Cancelled, MJTaskStatus.OutcomeUnknown)]
    public string[]? Status { get; set; }

    /// <summary>Only tasks that were created after this time.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    public DateTimeOffset After { get; set; }

    /// <summary>List only the newest tasks, up to this number.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    /// <summary>Read the listed tasks that had not ended at the gateway, and list them as they are now.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    public SwitchParameter Refresh { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FromJournal) return;
        TakeTasks();
        while (_taken.Count > 0)
        {
            DrainUntil(() => _readings.Count < MaxReadings);
            var (task, session, showsFailure) = _taken.Dequeue();
            if (_refused.ContainsKey(session)) _notRead++;
            else Read(task, session, showsFailure);
        }
        DrainReady();
    }

    private protected override void Complete()
    {
        // Empty pipeline input is not a request for the list.
        if (ParameterSetName == FromJournal && !MyInvocation.ExpectingInput) List();
        _progress?.AllAdded();
        DrainUntil(() => _readings.Count == 0);
        _progress?.Finish();
        if (_notRead > 0) WriteWarning(Messages.NotRead(_notRead));
        FlushJournals();
    }

    private void List()
    {
        // The list needs no session, but a read does.
        if (Refresh) _ = CurrentSession;
        var (journal, address) = FindJournal();
        var tasks = JournalListing.Read(this, journal, address).Where(t => After == default || t.CreatedAt > After);
        // A status that is filtered by is known only after the read.
        foreach (var task in Status is null ? tasks.Take(Last) : tasks)
        {
            if (_listed == Last) return;
            if (Refresh) ListFresh(task);
            else List(task);
        }
    }

    /// <summary>Lists a task that may have ended since the journal saw it as the gateway reports it now, and any other as it is in the journal.</summary>
    private void ListFresh(MJTask task)
    {
        DrainUntil(() => _readings.Count < MaxReadings);
        if (task.Status is MJTaskStatus.Pending or MJTaskStatus.InProgress)
        {
            Read(task, SessionOf(task), showsFailure: false, isListed: true);
            return;
        }
        var listed = new Reading(session: null);
        _readings.Enqueue(listed);
        Finish(listed, () => List(task));
    }

    private void List(MJTask task)
    {
        if (_listed == Last || Status?.Contains(task.Status, StringComparer.OrdinalIgnoreCase) == false) return;
        _listed++;
        WriteObject(Listed(task));
    }

    /// <summary>The table shows the whole reason of a failure, on several lines: here, no error has reported it.</summary>
    private static PSObject Listed(MJTask task)
    {
        var listed = new PSObject(task);
        if (task.Error is not null) listed.TypeNames.Insert(0, typeof(MJTask).FullName + "#Failed");
        return listed;
    }

    private protected override void Take(MJTask task, MJSession session, bool showsFailure)
    {
        session.Held.Hold(session.Own(task));
        _taken.Enqueue((task, session, showsFailure));
    }

    private int MaxReadings => Math.Max(1, UsedSessions.Sum(s => s.ThrottleLimit) * 2);

    private void Read(MJTask task, MJSession session, bool showsFailure, bool isListed = false)
    {
        var reading = new Reading(session);
        var (own, former) = (session.Own(task), task.Owner.Session as MJSession);
        _readings.Enqueue(reading);
        (_progress ??= new StageProgress(this, Messages.ReadActivity(), p => Messages.ReadState(p.Done, p.Failed, p.Total, p.Cost))).Add();
        Start(async stopping =>
        {
            try
            {
                if (_refused.ContainsKey(session)) return () => Finish(reading, () => Skip(own, isListed));
                own = await Origins.CompleteAsync(own, session, stopping).ConfigureAwait(false);
                var seen = (await session.Client.ReadAsync(own, Observer, stopping).ConfigureAwait(false)).WithOriginOf(own);
                return () => Finish(reading, () => Return(seen, session, former, showsFailure, isListed));
            }
            catch (GatewayException e)
            {
                return () => Finish(reading, () => Refuse(own, session, e, isListed));
            }
        });
    }

    private void Skip(MJTask task, bool isListed)
    {
        _notRead++;
        if (isListed) List(task);
    }

    private void Refuse(MJTask task, MJSession session, GatewayException error, bool isListed)
    {
        _progress!.End(isGood: false);
        // No other task of the session can be read either, so the error is reported once.
        if (error.Kind is GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired)
        {
            session.IsRefused = true;
            if (!_refused.TryAdd(session, true))
            {
                Skip(task, isListed);
                return;
            }
        }
        var isGone = error.Kind == GatewayErrorKind.TaskNotFound;
        if (isListed) List(isGone ? task with { Status = MJTaskStatus.Unknown } : task);
        else if (isGone) session.Held.Release(task.Id);
        Explain(task, error);
        WriteError(ErrorCatalog.Record(error, task));
    }

    private void Return(MJTask task, MJSession session, MJSession? former, bool showsFailure, bool isListed)
    {
        session.IsRefused = false;
        _progress!.End(isGood: true, task);
        RecordEnd(task);
        if (task.IsEnded() && former != session) former?.Held.Remove(task.Id);
        // What is listed is in the journal, so it need not be among the undelivered tasks.
        if (isListed) List(task with { SeenAt = DateTimeOffset.UtcNow });
        else Deliver(task, session);
        if (TaskImages.Warning(task) is { } warning) WriteWarning(warning);
        if (!showsFailure && PollOutcome.Of(task).Error is { } error) WriteError(ErrorCatalog.Record(error, task));
    }

    private void Finish(Reading reading, Action write)
    {
        reading.Write = write;
        while (_readings.Count > 0 && _readings.Peek().Write is not null) _readings.Dequeue().Write!();
    }

    /// <summary>A read whose result is written in input order.</summary>
    private sealed class Reading(MJSession? session)
    {
        public MJSession? Session { get; } = session;

        public Action? Write { get; set; }
    }
}
