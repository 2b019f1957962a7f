using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace MidJourney;

/// <summary>Waits for tasks on behalf of a cmdlet: puts each out as it ends, with an error where it did not end well.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing.")]
internal sealed class TaskWait
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    private readonly GatewayCmdlet _cmdlet;
    private readonly TaskPoller _poller;
    private readonly CancellationTokenSource _enough = new();
    private readonly TimeSpan? _timeout;
    private readonly ProgressRecord _progress = new(1, CommandMessages.Waiting(), " ");
    private long _lastProgress;
    private int _added;
    private int _done;
    private int _failed;
    private bool _isOver;

    public TaskWait(GatewayCmdlet cmdlet, int timeoutSec, double pollIntervalSec)
    {
        _cmdlet = cmdlet;
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

    public void Add(MJTask task)
    {
        if (_isOver) return;
        _added++;
        _poller.Add(task, _timeout);
        ShowProgress();
    }

    /// <summary>Waits for what was added, and puts it out.</summary>
    public void Finish()
    {
        _poller.EndAdding();
        _cmdlet.DrainUntil(() => _isOver);
        _cmdlet.NoteAll();
        if (_lastProgress == 0) return;
        _progress.RecordType = ProgressRecordType.Completed;
        _cmdlet.WriteProgress(_progress);
    }

    private void Emit(PollOutcome outcome)
    {
        if (_isOver) return;
        _done++;
        if (outcome.Error is not null) _failed++;
        if (Any && outcome.TaskEnded) End();
        ShowProgress();
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

    private void End()
    {
        _isOver = true;
        _enough.Cancel();
    }

    private void ShowProgress()
    {
        var now = _cmdlet.Client.Time.GetTimestamp();
        if (_lastProgress != 0 && _cmdlet.Client.Time.GetElapsedTime(_lastProgress, now) < ProgressInterval) return;
        _lastProgress = now;
        _progress.StatusDescription = $"{_done - _failed} done, {_failed} failed, {Math.Max(0, _added - _done)} running";
        _progress.PercentComplete = _added == 0 ? -1 : (int)(100L * Math.Min(_done, _added) / _added);
        _cmdlet.WriteProgress(_progress);
    }
}
