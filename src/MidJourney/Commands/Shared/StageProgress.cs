using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace MidJourney.Commands.Shared;

/// <summary>
/// The bar of one stage of a pipeline: moved at most four times a second, gone when the stage ends, however it does.
/// What is over in a moment shows none.
/// </summary>
internal sealed class StageProgress
{
    private const int EndsToTellThePace = 3;
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
    /// <param name="id">Tells its bar from those of other stages.</param>
    /// <param name="activity">What it does.</param>
    /// <param name="describe">Words its state; called on the pipeline thread.</param>
    public StageProgress(PumpedCmdlet cmdlet, int id, string activity, Func<StageProgress, string> describe)
    {
        (_cmdlet, _id, _activity, _describe) = (cmdlet, id, activity, describe);
        // The engine numbers its sources from 1; this one stays the same when only the host is left to talk to.
        _source = (1L << 40) + RuntimeHelpers.GetHashCode(cmdlet);
        cmdlet.AtEnd(Hide);
    }

    /// <summary>How many there are, as far as is known.</summary>
    public int Total { get; private set; }

    /// <summary>How many came to a good end.</summary>
    public int Done { get; private set; }

    /// <summary>How many came to another end.</summary>
    public int Failed { get; private set; }

    /// <summary>How many have not ended.</summary>
    public int Running => Math.Max(0, Total - Done - Failed);

    /// <summary>US dollars, as far as is known.</summary>
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

    /// <summary>No more will be added: only now can it be told which part is done, and for how long it will go on.</summary>
    public void AllAdded()
    {
        _isComplete = true;
        Touch();
    }

    /// <summary>Something has changed, which will be shown when it is time; from any thread.</summary>
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

    /// <summary>The stage has ended well.</summary>
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

    /// <summary>By the pace since the first end, for until then nothing is known of it; -1 while it cannot be told.</summary>
    private int SecondsLeft()
    {
        var ends = Done + Failed;
        var time = (_clock.Elapsed - _firstEnd).TotalSeconds;
        return !_isComplete || ends < EndsToTellThePace || time < 1 ? -1 : (int)Math.Min(int.MaxValue, Math.Ceiling(Running * time / (ends - 1)));
    }

    /// <summary>The stage was broken off: nothing can be written any more, but the host still shows the bar.</summary>
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
            // A host that is going away takes its bars with it.
        }
    }

    private ProgressRecord Completed() => new(_id, _activity, " ") { RecordType = ProgressRecordType.Completed };
}
