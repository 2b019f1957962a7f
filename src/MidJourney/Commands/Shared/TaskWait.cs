using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MidJourney.Callbacks;
using MidJourney.Journal;
using MidJourney.Parameters;
using MidJourney.Polling;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>
/// Waits for a cmdlet's tasks, at all their gateways at the same time: writes each to the pipeline when it ends, with an error if it failed. Until then its
/// session holds the task.
/// </summary>
internal sealed class TaskWait
{
    /// <summary>The progress of more tasks does not move the bar: their ends do.</summary>
    private const int Few = 4;

    private readonly GatewayCmdlet _cmdlet;
    private readonly TimeSpan? _timeout;
    private readonly TimeSpan _pollInterval;
    private readonly StageProgress _progress;

    /// <summary>The hashes of the tasks, which take less memory than their ids.</summary>
    private readonly HashSet<Guid> _taken = [];

    private readonly Dictionary<MJSession, AtSession> _waits = [];
    private bool _isOver;

    /// <summary>The running tasks as last read, on other threads.</summary>
    private readonly ConcurrentDictionary<string, MJTask> _seen = new(StringComparer.Ordinal);

    private readonly Listening? _listening;

    /// <param name="cmdlet">The cmdlet that waits.</param>
    /// <param name="timeoutSec">How long to wait for each task; 0: no limit.</param>
    /// <param name="pollIntervalSec">The minimum time between two polls of a task; 0: none.</param>
    /// <param name="listening">Where callbacks arrive; see <see cref="Listen"/>. Null for none.</param>
    public TaskWait(GatewayCmdlet cmdlet, int timeoutSec, double pollIntervalSec, Listening? listening)
    {
        (_cmdlet, _listening) = (cmdlet, listening);
        // Another wait may still listen there.
        if (listening is not null) cmdlet.AtEnd(() => { foreach (var wait in _waits.Values) wait.ExpectNothing(); });
        _progress = new StageProgress(cmdlet, Messages.WaitActivity(), Describe) { Partial = () => _progress!.Total > Few ? null : _seen.Values.Sum(t => t.Progress) };
        _timeout = timeoutSec == 0 ? null : TimeSpan.FromSeconds(timeoutSec);
        _pollInterval = TimeSpan.FromSeconds(pollIntervalSec);
    }

    /// <summary>Opens the port of -ListenOn, before anything is submitted, until the cmdlet ends; null without -ListenOn, and in a dry run.</summary>
    public static Listening? Listen(GatewayCmdlet cmdlet, string? listenOn)
    {
        if (listenOn is null) return null;
        try
        {
            if (TextSource.Of(listenOn) is { IsRefused: true } given) throw ParameterText.Invalid(Messages.NotText("ListenOn", given.Value ?? given.Source));
            if (string.IsNullOrWhiteSpace(listenOn)) throw ParameterText.Invalid(Messages.ParameterMissing("ListenOn"));
            if (cmdlet.Redact(listenOn) != listenOn) throw ParameterText.Invalid(Messages.ContainsApiKey("ListenOn"));
            var address = ListenAddress.Parse(listenOn);
            if (cmdlet.IsOn("WhatIf")) return null;
            var listening = Listeners.Join(address);
            cmdlet.AtEnd(listening.Dispose);
            if ((cmdlet.Session ?? SessionStore.Current) is { IsOpen: true } session) listening.Accept(session);
            if (!address.IsLoopback) cmdlet.WriteWarning(Messages.ListensInClear(address));
            return listening;
        }
        catch (GatewayException e)
        {
            cmdlet.ThrowTerminatingError(ErrorCatalog.Record(e, null));
            throw;
        }
    }

    /// <summary>Stop at the first task that ends.</summary>
    public bool Any { get; init; }

    /// <summary>Whether an added task has not been returned yet.</summary>
    public bool IsAwaited => _waits.Values.Any(w => w.IsAwaited);

    public bool IsAwaitedAt(MJSession session) => _waits.TryGetValue(session, out var wait) && wait.IsAwaited;

    /// <summary>Adds a task; a duplicate is ignored.</summary>
    /// <param name="task">The task.</param>
    /// <param name="session">The session to read it with.</param>
    /// <param name="showsFailure">Whether its failure was reported before.</param>
    public void Add(MJTask task, MJSession session, bool showsFailure = false)
    {
        if (!_taken.Add(SubmissionKey.Hash($"{session.Address}\n{task.Id}"))) return;
        var own = session.Own(task);
        session.Held.Hold(own);
        _cmdlet.Work.Begin(own, session);
        if (_isOver) return;
        if (!_waits.TryGetValue(session, out var wait)) _waits[session] = wait = new AtSession(this, session);
        if (wait.IsOver)
        {
            wait.LeaveOut();
            return;
        }
        _progress.Add();
        wait.Add(own, task.Owner.Session as MJSession, showsFailure);
    }

    /// <summary>Waits for all tasks.</summary>
    public void Finish()
    {
        foreach (var wait in _waits.Values) wait.EndAdding();
        _progress.AllAdded();
        _cmdlet.DrainUntil(() => _waits.Values.All(w => w.IsOver));
        _cmdlet.FlushJournals();
        _progress.Finish();
        foreach (var wait in _waits.Values) wait.WarnOfRefusal();
        if (_listening?.Problem is { } problem) _cmdlet.WriteWarning(problem);
    }

    private string Describe(StageProgress progress) =>
        progress is { Total: 1, Running: 1 } && _seen.Values.FirstOrDefault() is { } only ? Messages.WaitStateOfOne(only) : Messages.WaitState(progress.Done, progress.Failed, progress.Total, progress.Cost);

    private void End()
    {
        _isOver = true;
        foreach (var wait in _waits.Values) wait.End();
    }

    /// <summary>The tasks of one session.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
    private sealed class AtSession
    {
        private readonly TaskWait _whole;
        private readonly MJSession _session;
        private readonly TaskPoller _poller;
        private readonly CancellationTokenSource _enough = new();

        /// <summary>Each task as it was added (for callbacks), the session that it came from, whether its failure was reported before, and its callbacks.</summary>
        private readonly Dictionary<string, (MJTask? Added, MJSession? Former, bool ShowsFailure, IDisposable? Expected)> _open = new(StringComparer.Ordinal);

        public AtSession(TaskWait whole, MJSession session)
        {
            (_whole, _session) = (whole, session);
            var cmdlet = whole._cmdlet;
            _poller = session.Client.NewPoller(whole._pollInterval, cmdlet.Observer, listensForHints: whole._listening is not null);
            _poller.Running = task =>
            {
                whole._seen[task.Id] = task;
                whole._progress.Touch();
            };
            cmdlet.Start(async stopping =>
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, _enough.Token);
                try
                {
                    await _poller.RunAsync((outcome, _) => cmdlet.SendAsync(() => Emit(outcome)), either.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (_enough.IsCancellationRequested)
                {
                }
                return () => IsOver = true;
            });
        }

        private bool _isRefused;
        private int _leftOut;

        public bool IsOver { get; private set; }

        public bool IsAwaited => !IsOver && _open.Count > 0;

        public void Add(MJTask task, MJSession? former, bool showsFailure)
        {
            _whole._seen[task.Id] = task;
            _poller.Add(task, _whole._timeout);
            var listening = _whole._listening;
            var expected = task.IsEnded() ? null : listening?.Expect(task, _session, () => Hint(task.Id));
            _open.Add(task.Id, (listening is null ? null : task, former, showsFailure, expected));
        }

        private void Hint(string id)
        {
            _whole._cmdlet.Observer.Note(Messages.CallbackArrived(id));
            _poller.Hint(id);
        }

        public void EndAdding() => _poller.EndAdding();

        public void ExpectNothing()
        {
            foreach (var (_, _, _, expected) in _open.Values) expected?.Dispose();
        }

        public void End()
        {
            IsOver = true;
            _enough.Cancel();
        }

        private void Emit(PollOutcome outcome)
        {
            if (IsOver) return;
            var (task, error) = outcome;
            if (error is { IsRead: true, Kind: GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired })
            {
                EndRefused(task, error);
                return;
            }
            var (added, former, showsFailure, expected) = _open[task.Id];
            expected?.Dispose();
            _open.Remove(task.Id);
            _whole._seen.TryRemove(task.Id, out var seen);
            // One that no read found running may have been called back before this wait.
            if (outcome.TaskEnded && !ReferenceEquals(seen, added)) _whole._listening?.NoteEnd();
            if (_whole.Any && outcome.TaskEnded) _whole.End();
            _whole._progress.End(error is null, task);
            if (outcome.TaskEnded) Deliver(task, former);
            // This task does not exist. A task that continues, such as after a timeout, stays with the session.
            else if (error?.Kind == GatewayErrorKind.TaskNotFound) _session.Held.Release(task.Id);
            if (error is null || (outcome.TaskEnded && showsFailure)) return;
            _whole._cmdlet.Explain(task, error);
            _whole._cmdlet.WriteError(ErrorCatalog.Record(error, task));
        }

        private void Deliver(MJTask task, MJSession? former)
        {
            _session.IsRefused = false;
            _whole._cmdlet.RecordEnd(task);
            if (former != _session) former?.Held.Remove(task.Id);
            _whole._cmdlet.Deliver(task, _session);
        }

        /// <summary>No other task of the session can be read either: one error, and the session keeps all of them.</summary>
        private void EndRefused(MJTask task, GatewayException refusal)
        {
            _session.IsRefused = true;
            End();
            _whole._cmdlet.WriteError(ErrorCatalog.Record(refusal, task));
            _isRefused = true;
        }

        /// <summary>A task that came when the wait was over.</summary>
        public void LeaveOut() => _leftOut++;

        /// <summary>Said at the end, because tasks may come after the refusal.</summary>
        public void WarnOfRefusal()
        {
            if (_isRefused && _open.Count + _leftOut is > 1 and var count) _whole._cmdlet.WriteWarning(Messages.WaitStopped(count, _session == SessionStore.Current));
        }
    }
}
