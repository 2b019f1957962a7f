using System.Diagnostics.CodeAnalysis;
using MidJourney.Polling;
using MidJourney.Sessions;

namespace MidJourney.Commands.Shared;

/// <summary>
/// Waits for tasks on behalf of a cmdlet, at every gateway that they are of at once: writes each to the pipeline as it ends, with an error where it did
/// not end well. Its session holds a task until then.
/// </summary>
internal sealed class TaskWait
{
    private const int ProgressId = 1;

    private readonly GatewayCmdlet _cmdlet;
    private readonly TimeSpan? _timeout;
    private readonly TimeSpan _pollInterval;
    private readonly StageProgress _progress;
    private readonly HashSet<(string Address, string Id)> _taken = [];
    private readonly Dictionary<MJSession, AtSession> _waits = [];
    private bool _isOver;

    public TaskWait(GatewayCmdlet cmdlet, int timeoutSec, double pollIntervalSec)
    {
        _cmdlet = cmdlet;
        _progress = new StageProgress(cmdlet, ProgressId, Messages.WaitActivity(), p => Messages.WaitState(p.Done, p.Failed, p.Running, p.Total, p.Cost));
        _timeout = timeoutSec == 0 ? null : TimeSpan.FromSeconds(timeoutSec);
        _pollInterval = TimeSpan.FromSeconds(pollIntervalSec);
    }

    /// <summary>Stop at the first task that ends.</summary>
    public bool Any { get; init; }

    /// <summary>Whether a task that was added has not come out yet.</summary>
    public bool IsAwaited => _waits.Values.Any(w => w.IsAwaited);

    /// <summary>The same of those that are read at one session.</summary>
    public bool IsAwaitedAt(MJSession session) => _waits.TryGetValue(session, out var wait) && wait.IsAwaited;

    /// <summary>Adds a task. One that comes twice is waited for once.</summary>
    /// <param name="task">Its last snapshot, which may still tell of another session.</param>
    /// <param name="session">The session that it is read at.</param>
    public void Add(MJTask task, MJSession session)
    {
        if (!_taken.Add((session.Address, task.Id))) return;
        var own = session.Own(task);
        session.Held.Hold(own);
        if (_isOver) return;
        if (!_waits.TryGetValue(session, out var wait)) _waits[session] = wait = new AtSession(this, session);
        if (wait.IsOver) return;
        _progress.Add();
        wait.Add(own, task.Owner.Session as MJSession);
    }

    /// <summary>Waits for what was added, and writes it to the pipeline.</summary>
    public void Finish()
    {
        foreach (var wait in _waits.Values) wait.EndAdding();
        _progress.AllAdded();
        _cmdlet.DrainUntil(() => _waits.Values.All(w => w.IsOver));
        _cmdlet.NoteAll();
        _progress.Finish();
    }

    private void End()
    {
        _isOver = true;
        foreach (var wait in _waits.Values) wait.End();
    }

    /// <summary>The part that is read at one session.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
    private sealed class AtSession
    {
        private readonly TaskWait _whole;
        private readonly MJSession _session;
        private readonly TaskPoller _poller;
        private readonly CancellationTokenSource _enough = new();

        /// <summary>The session that each came from.</summary>
        private readonly Dictionary<string, MJSession?> _open = new(StringComparer.Ordinal);

        public AtSession(TaskWait whole, MJSession session)
        {
            (_whole, _session) = (whole, session);
            var cmdlet = whole._cmdlet;
            _poller = session.Client.NewPoller(whole._pollInterval, cmdlet.Observer);
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

        public bool IsOver { get; private set; }

        public bool IsAwaited => !IsOver && _open.Count > 0;

        public void Add(MJTask task, MJSession? former)
        {
            _open.Add(task.Id, former);
            _poller.Add(task, _whole._timeout);
        }

        public void EndAdding() => _poller.EndAdding();

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
            var former = _open[task.Id];
            _open.Remove(task.Id);
            if (_whole.Any && outcome.TaskEnded) _whole.End();
            _whole._progress.End(error is null, task.Cost);
            if (outcome.TaskEnded) Deliver(task, former);
            // The task is not lost: there is none. What goes on, such as after a timeout, stays with the session.
            else if (error?.Kind == GatewayErrorKind.TaskNotFound) _session.Held.Release(task.Id);
            if (error is null) return;
            _whole._cmdlet.Explain(task, error);
            _whole._cmdlet.WriteError(ErrorCatalog.Record(error, task));
        }

        private void Deliver(MJTask task, MJSession? former)
        {
            _session.IsRefused = false;
            _whole._cmdlet.NoteEnd(task);
            if (former != _session) former?.Held.Remove(task.Id);
            _whole._cmdlet.Deliver(task, _session);
        }

        /// <summary>No other task of the session could be read either: one error, and the session still holds them all.</summary>
        private void EndRefused(MJTask task, GatewayException refusal)
        {
            _session.IsRefused = true;
            End();
            _whole._cmdlet.WriteError(ErrorCatalog.Record(refusal, task));
            if (_open.Count > 1) _whole._cmdlet.WriteWarning(Messages.WaitStopped(_open.Count, _session == SessionStore.Current));
        }
    }
}
