using System.Globalization;
using System.Management.Automation;

namespace MidJourney;

/// <summary>One bar for all files that are being saved, moved at most four times a second, gone at the end.</summary>
internal sealed class SaveProgress(PumpedCmdlet cmdlet)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ProgressRecord _bar = new(2, CommandMessages.Saving(), " ");
    private readonly System.Diagnostics.Stopwatch _clock = System.Diagnostics.Stopwatch.StartNew();
    private long _bytes;
    private long _next;
    private int _files;
    private int _done;
    private bool _isShown;

    /// <summary>One more file; on the pipeline thread.</summary>
    public void Add()
    {
        _files++;
        ShowIfDue();
    }

    /// <summary>A file is done with; on the pipeline thread.</summary>
    public void Done()
    {
        _done++;
        ShowIfDue();
    }

    /// <summary>Bytes came; on any thread.</summary>
    public void Came(long count)
    {
        Interlocked.Add(ref _bytes, count);
        if (IsDue()) cmdlet.TrySend(Show);
    }

    public void End()
    {
        if (!_isShown) return;
        _bar.RecordType = ProgressRecordType.Completed;
        cmdlet.WriteProgress(_bar);
    }

    private void ShowIfDue()
    {
        if (IsDue()) Show();
    }

    private bool IsDue()
    {
        var next = Interlocked.Read(ref _next);
        return _clock.ElapsedTicks >= next && Interlocked.CompareExchange(ref _next, (_clock.Elapsed + Interval).Ticks * System.Diagnostics.Stopwatch.Frequency / TimeSpan.TicksPerSecond, next) == next;
    }

    private void Show()
    {
        _isShown = true;
        var megabytes = (Interlocked.Read(ref _bytes) / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
        _bar.StatusDescription = FormattableString.Invariant($"{_done} of {_files} files, {megabytes} MB");
        _bar.PercentComplete = _files == 0 ? -1 : (int)(100L * _done / _files);
        cmdlet.WriteProgress(_bar);
    }
}
