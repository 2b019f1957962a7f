using System.Diagnostics.CodeAnalysis;

namespace MidJourney;

/// <summary>Waits for tasks on behalf of a cmdlet: puts each out as it ends, with an error where it did not end well.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
internal sealed class TaskWait
{
    private const int ProgressId = 1;

    private readonly GatewayCmdlet _cmdlet;
    private readonly TaskPoller _poller;
    private readonly CancellationTokenSource _enough = new();
    private readonly TimeSpan? _timeout;
    private readonly StageProgress _progress;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MJTask> _open = new(StringComparer.Ordinal);
    private int _out;
    private bool _isOver;
    private bool _isRefused;

    public TaskWait(GatewayCmdlet cmdlet, int timeoutSec, double pollIntervalSec)
    {
        _cmdlet = cmdlet;
        _progress = new StageProgress(cmdlet, ProgressId, CommandMessages.Waiting(), CommandMessages.WaitState);
        _timeout = timeoutSec == 0 ? null : TimeSpan.FromSeconds(timeoutSec);
        _poller = cmdlet.Client.NewPoller(TimeSpan.FromSeconds(pollIntervalSec), cmdlet.Observer);
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
            return () => _isOver = true;
        });
    }

    /// <summary>Stop at the first task that ends.</summary>
    public bool Any { get; init; }

    /// <summary>Whether a task that was added has not come out yet.</summary>
    public bool IsAwaited => !_isOver && _out < _ids.Count;

    public void Add(MJTask task)
    {
        if (_isRefused) _cmdlet.CurrentSession.Keep(task);
        if (_isOver) return;
        _poller.Add(task, _timeout);
        // A task that comes twice is waited for once.
        if (!_ids.Add(task.Id)) return;
        _progress.Add();
        _open[task.Id] = task;
    }

    /// <summary>Waits for what was added, and puts it out.</summary>
    public void Finish()
    {
        _poller.EndAdding();
        _progress.AllAdded();
        _cmdlet.DrainUntil(() => _isOver);
        _cmdlet.NoteAll();
        _progress.Finish();
    }

    private void Emit(PollOutcome outcome)
    {
        if (_isOver) return;
        if (outcome.Error is { IsRead: true, Kind: GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired } refusal)
        {
            EndRefused(outcome.Task, refusal);
            return;
        }
        _out++;
        _open.Remove(outcome.Task.Id);
        if (Any && outcome.TaskEnded) End();
        _progress.End(outcome.Error is null, outcome.Task.Cost);
        if (outcome.TaskEnded)
        {
            _cmdlet.NoteEnd(outcome.Task);
            _cmdlet.WriteObject(outcome.Task);
            _cmdlet.CurrentSession.Delivered(outcome.Task);
        }
        if (outcome.Error is not { } error) return;
        _cmdlet.Explain(outcome.Task.Id, error);
        _cmdlet.WriteError(ErrorCatalog.Record(error, outcome.Task));
    }

    /// <summary>No other task could be read either: one error, and none of them is lost.</summary>
    private void EndRefused(MJTask task, GatewayException refusal)
    {
        _isRefused = true;
        End();
        _open[task.Id] = task;
        foreach (var open in _open.Values) _cmdlet.CurrentSession.Keep(open);
        _cmdlet.WriteError(ErrorCatalog.Record(refusal, task));
        if (_open.Count > 1) _cmdlet.WriteWarning(CommandMessages.StillRunning(_open.Count));
    }

    private void End()
    {
        _isOver = true;
        _enough.Cancel();
    }
}
