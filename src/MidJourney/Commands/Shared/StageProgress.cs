using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace MidJourney.Commands.Shared;

/// <summary>
/// The progress of one stage of a pipeline. On a screen it is a bar: updated once to four times per second, removed when the stage ends for any reason; a short
/// stage shows none. In a log it is a line per minute. A stage of more than a minute ends with a line. Lines go to the host, and are never output.
/// </summary>
internal sealed class StageProgress
{
    private const int MinEndsForEstimate = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250), Tick = TimeSpan.FromSeconds(1), Minute = TimeSpan.FromMinutes(1);

    /// <summary>Much longer than requests take.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(30);

    private readonly GatewayCmdlet _cmdlet;
    private readonly int _id;
    private readonly string _activity;
    private readonly Func<StageProgress, string> _describe;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly bool _isLog;
    private TimeSpan _nextLine = Minute;
    private readonly long _source;
    private long _nextTicks = Interval.Ticks;
    private TimeSpan _firstEnd;
    private int _isScheduled;
    private bool _isComplete;
    private bool _isShown;
    private bool _isOver;

    /// <param name="cmdlet">The stage.</param>
    /// <param name="activity">What it does.</param>
    /// <param name="describe">Returns the status text; called on the pipeline thread.</param>
    public StageProgress(GatewayCmdlet cmdlet, string activity, Func<StageProgress, string> describe)
    {
        (_cmdlet, _id, _activity, _describe) = (cmdlet, cmdlet.MyInvocation.PipelinePosition, activity, describe);
        _time = cmdlet.Time;
        _start = _time.GetTimestamp();
        // A job or a runspace without a screen has a host of these names.
        _isLog = cmdlet.Host.Name is "ServerRemoteHost" or "Default Host" || (cmdlet.Host.Name == "ConsoleHost" && Console.IsOutputRedirected);
        // The engine numbers its sources from 1; this number also works when only the host can be written to.
        _source = (1L << 40) + RuntimeHelpers.GetHashCode(cmdlet);
        cmdlet.AtEnd(Hide);
    }

    /// <summary>Known so far.</summary>
    public int Total { get; private set; }

    public int Done { get; private set; }

    public int Failed { get; private set; }

    public int Running => Math.Max(0, Total - Done - Failed);

    /// <summary>What the ended tasks cost, as far as it is known.</summary>
    public MoneySum Cost { get; } = new();

    /// <summary>Returns how much of the running tasks is done, such as 1.3 of two; null if that is unknown.</summary>
    public Func<double?>? Partial { get; init; }

    private TimeSpan Elapsed => _time.GetElapsedTime(_start);

    public void Add()
    {
        Total++;
        Touch();
    }

    public void End(bool isGood, MJTask? task = null)
    {
        if (isGood) Done++;
        else Failed++;
        if (_firstEnd == default) _firstEnd = Elapsed;
        Cost.Add(task?.Cost, task?.Currency);
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
            var wait = TimeSpan.FromTicks(Volatile.Read(ref _nextTicks)) - Elapsed;
            if (wait > TimeSpan.Zero) await _time.Delay(wait, stopping).ConfigureAwait(false);
            return Show;
        });
    }

    public void Finish()
    {
        if (!_isOver && _isShown) _cmdlet.CommandRuntime.WriteProgress(_source, Completed());
        _isOver = true;
        if (Total > 0 && Elapsed >= Minute) WriteLine(Messages.StageEnd(_describe(this), Elapsed));
    }

    private void Show()
    {
        Volatile.Write(ref _isScheduled, 0);
        if (_isOver) return;
        var elapsed = Elapsed;
        Volatile.Write(ref _nextTicks, (elapsed + Interval).Ticks);
        _isShown = true;
        // Requests of an earlier command may have been without an answer.
        var silence = _cmdlet.Silence < elapsed ? _cmdlet.Silence : elapsed;
        var state = _cmdlet.Redact(Messages.StageState(_describe(this), elapsed, silence < Silent ? null : silence));
        _cmdlet.CommandRuntime.WriteProgress(_source, new ProgressRecord(_id, _activity, state) { PercentComplete = Percent(), SecondsRemaining = SecondsLeft() });
        if (_isLog && elapsed >= _nextLine)
        {
            _nextLine = elapsed + Minute;
            WriteLine($"{_activity}: {state}");
        }
        Again();
    }

    /// <summary>Time passes even if nothing else happens.</summary>
    private void Again() => _cmdlet.Start(async stopping =>
    {
        await _time.Delay(Tick, stopping).ConfigureAwait(false);
        return () =>
        {
            if (!_isOver && Elapsed >= TimeSpan.FromTicks(Volatile.Read(ref _nextTicks)) + Tick - Interval) Touch();
        };
    });

    private int Percent()
    {
        if (!_isComplete || Total == 0) return -1;
        return (int)(100 * Math.Min(Done + Failed + (Partial?.Invoke() ?? 0), Total) / Total);
    }

    /// <summary>As Write-Host does it.</summary>
    private void WriteLine(string text)
    {
        if (!_cmdlet.HidesProgress) _cmdlet.WriteInformation(new HostInformationMessage { Message = text }, ["PSHOST"]);
    }

    /// <summary>From the pace since the first end; -1 if unknown.</summary>
    private int SecondsLeft()
    {
        var ends = Done + Failed;
        var time = (Elapsed - _firstEnd).TotalSeconds;
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
