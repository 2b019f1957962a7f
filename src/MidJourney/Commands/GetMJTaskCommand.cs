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
    private readonly Queue<(MJTask Task, MJSession Session)> _taken = new();
    private readonly ConcurrentDictionary<MJSession, bool> _refused = new();
    private int _notRead;

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

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FromJournal) return;
        TakeTasks();
        while (_taken.Count > 0)
        {
            DrainUntil(() => _readings.Count < UsedSessions.Sum(s => s.ThrottleLimit) * 2);
            var (task, session) = _taken.Dequeue();
            if (_refused.ContainsKey(session)) _notRead++;
            else Read(task, session);
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
        var (journal, address) = FindJournal();
        foreach (var task in JournalListing.Read(this, journal, address).Where(Matches).Take(Last)) WriteObject(task);
    }

    private bool Matches(MJTask task) => (Status is null || Status.Contains(task.Status, StringComparer.OrdinalIgnoreCase)) && (After == default || task.CreatedAt > After);

    private protected override void Take(MJTask task, MJSession session)
    {
        session.Held.Hold(session.Own(task));
        _taken.Enqueue((task, session));
    }

    private void Read(MJTask task, MJSession session)
    {
        var reading = new Reading(session);
        var (own, former) = (session.Own(task), task.Owner.Session as MJSession);
        _readings.Enqueue(reading);
        (_progress ??= new StageProgress(this, Messages.ReadActivity(), p => Messages.ReadState(p.Done, p.Failed, p.Total, p.Cost))).Add();
        Start(async stopping =>
        {
            try
            {
                if (_refused.ContainsKey(session)) return () => Finish(reading, () => _notRead++);
                var seen = (await session.Client.ReadAsync(task.Id, Observer, stopping).ConfigureAwait(false)).WithOriginOf(own);
                return () => Finish(reading, () => Return(seen, session, former));
            }
            catch (GatewayException e)
            {
                return () => Finish(reading, () => Refuse(own, session, e));
            }
        });
    }

    private void Refuse(MJTask task, MJSession session, GatewayException error)
    {
        _progress!.End(isGood: false);
        // No other task of the session can be read either, so the error is reported once.
        if (error.Kind is GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired)
        {
            session.IsRefused = true;
            if (!_refused.TryAdd(session, true))
            {
                _notRead++;
                return;
            }
        }
        if (error.Kind == GatewayErrorKind.TaskNotFound) session.Held.Release(task.Id);
        Explain(task, error);
        WriteError(ErrorCatalog.Record(error, task));
    }

    private void Return(MJTask task, MJSession session, MJSession? former)
    {
        session.IsRefused = false;
        _progress!.End(isGood: true, task.Cost);
        RecordEnd(task);
        if (task.IsEnded() && former != session) former?.Held.Remove(task.Id);
        Deliver(task, session);
        if (TaskImages.Warning(task) is { } warning) WriteWarning(warning);
        if (PollOutcome.Of(task).Error is { } error) WriteError(ErrorCatalog.Record(error, task));
    }

    private void Finish(Reading reading, Action write)
    {
        reading.Write = write;
        while (_readings.Count > 0 && _readings.Peek().Write is not null) _readings.Dequeue().Write!();
    }

    /// <summary>A read whose result is written in input order.</summary>
    private sealed class Reading(MJSession session)
    {
        public MJSession Session { get; } = session;

        public Action? Write { get; set; }
    }
}
