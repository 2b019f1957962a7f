using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace MidJourney.Commands.Shared;

/// <summary>
/// The progress bar of one stage of a pipeline: updated at most four times per second, removed when the stage ends for any
/// reason. A short stage shows none.
/// </summary>
internal sealed class StageProgress
{
    private const int MinEndsForEstimate = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly PumpedCmdlet _cmdlet;
    private readonly int _id;
    private readonly string _activity;
    private readonly Func<StageProgress, string> _describe;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly long _source;
    private long _nextTicks = Interval.Ticks;
    private TimeSpan _firstEnd;
    private int _isScheduled;
    private bool _isComplete;
    private bool _isShown;
    private bool _isOver;

    /// <param name="cmdlet">The stage.</param>
    /// <param name="id">Distinguishes its bar from those of other stages.</param>
    /// <param name="activity">What it does.</param>
    /// <param name="describe">Returns the status text; called on the pipeline thread.</param>
    public StageProgress(PumpedCmdlet cmdlet, int id, string activity, Func<StageProgress, string> describe)
    {
        (_cmdlet, _id, _activity, _describe) = (cmdlet, id, activity, describe);
        // The engine numbers its sources from 1; this number also works when only the host can be written to.
        _source = (1L << 40) + RuntimeHelpers.GetHashCode(cmdlet);
        cmdlet.AtEnd(Hide);
    }

    /// <summary>Known so far.</summary>
    public int Total { get; private set; }

    public int Done { get; private set; }

    public int Failed { get; private set; }

    public int Running => Math.Max(0, Total - Done - Failed);

    /// <summary>US dollars, as far as known.</summary>
    public decimal Cost { get; private set; }

    public void Add()
    {
        Total++;
        Touch();
    }

    public void End(bool isGood, decimal? cost = null)
    {
        if (isGood) Done++;
        else Failed++;
        if (_firstEnd == default) _firstEnd = _clock.Elapsed;
        Cost += cost ?? 0;
        Touch();
    }

    /// <summary>No more will be added, so a percentage and a remaining time can be shown.</summary>
    public void AllAdded()
    {
        _isComplete = true;
        Touch();
    }

    /// <summary>Schedules an update; callable from any thread.</summary>
    public void Touch()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 1) return;
        _cmdlet.Start(async stopping =>
        {
            var wait = TimeSpan.FromTicks(Volatile.Read(ref _nextTicks)) - _clock.Elapsed;
            if (wait > TimeSpan.Zero) await Task.Delay(wait, stopping).ConfigureAwait(false);
            return Show;
        });
    }

    public void Finish()
    {
        if (!_isOver && _isShown) _cmdlet.CommandRuntime.WriteProgress(_source, Completed());
        _isOver = true;
    }

    private void Show()
    {
        Volatile.Write(ref _isScheduled, 0);
        if (_isOver) return;
        Volatile.Write(ref _nextTicks, (_clock.Elapsed + Interval).Ticks);
        _isShown = true;
        _cmdlet.CommandRuntime.WriteProgress(_source, new ProgressRecord(_id, _activity, _describe(this))
        {
            PercentComplete = !_isComplete || Total == 0 ? -1 : (int)(100L * Math.Min(Done + Failed, Total) / Total),
            SecondsRemaining = SecondsLeft(),
        });
    }

    /// <summary>From the pace since the first end; -1 if unknown.</summary>
    private int SecondsLeft()
    {
        var ends = Done + Failed;
        var time = (_clock.Elapsed - _firstEnd).TotalSeconds;
        return !_isComplete || ends < MinEndsForEstimate || time < 1 ? -1 : (int)Math.Min(int.MaxValue, Math.Ceiling(Running * time / (ends - 1)));
    }

    /// <summary>The stage was interrupted: the cmdlet can no longer write, but the host still shows the bar.</summary>
    private void Hide()
    {
        if (_isOver || !_isShown || _cmdlet.HidesProgress) return;
        _isOver = true;
        try
        {
            _cmdlet.Host.UI.WriteProgress(_source, Completed());
        }
        catch (Exception e) when (e is InvalidOperationException or NotImplementedException or System.Management.Automation.Host.HostException)
        {
            // The host is closing.
        }
    }

    private ProgressRecord Completed() => new(_id, _activity, " ") { RecordType = ProgressRecordType.Completed };
}
