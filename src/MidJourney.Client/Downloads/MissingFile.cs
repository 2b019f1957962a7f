using MidJourney.Throttling;

namespace MidJourney.Downloads;

/// <summary>
/// Decides how to go on when a file is not at its URL (401, 403, 404, 410): the task may have a new URL by now, and an image may reach its host after its
/// task has completed.
/// </summary>
internal sealed class MissingFile(DownloadTarget target, TimeProvider time)
{
    private const int Gone = 410;

    /// <summary>Much longer than a task takes, and than the clocks of two machines differ.</summary>
    private static readonly TimeSpan OldAge = TimeSpan.FromDays(1);

    private long? _since;
    private bool _isLastTry;
    private bool _hasWaited;
    private int _failures;

    /// <summary>The image of an old task is not late: its link has expired, or it was deleted.</summary>
    private bool IsOld => time.GetUtcNow() - target.CreatedAt > OldAge;

    /// <summary>The task's current URL; null if it cannot be read.</summary>
    public async Task<Uri?> RenewAsync(CancellationToken cancellationToken)
    {
        _since ??= time.GetTimestamp();
        if (target.Renew is not { } renew) return null;
        var timeout = target.Run.Renewals.Current;
        using var limit = time.CancelAfter(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var url = await renew(either.Token).ConfigureAwait(false);
            target.Run.Renewals.Reset();
            return url;
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            if (limit.IsCancellationRequested) target.Run.Renewals.Shorten(timeout);
            return null;
        }
    }

    /// <summary>The wait before the next try; null to give up.</summary>
    public TimeSpan? NextWait(GatewayException error, bool isNewUrl, double spread)
    {
        if (isNewUrl && _failures++ == 0) return TimeSpan.Zero;
        if (error.HttpStatus == Gone) return null;
        var (elapsed, timeout) = (time.GetElapsedTime(_since!.Value), IsOld ? ShrinkingTimeout.Min : target.Run.LateFiles.Current);
        if (elapsed >= timeout || _isLastTry)
        {
            if (!IsOld) target.Run.LateFiles.Shorten(elapsed);
            return null;
        }
        _hasWaited = true;
        var wait = Backoff.After(++_failures, spread);
        // The last try is at the end of the timeout.
        _isLastTry = elapsed + wait >= timeout;
        return _isLastTry ? timeout - elapsed : wait;
    }

    /// <summary>If waiting helped, and not a new URL, the next file may be as late.</summary>
    public void Arrived()
    {
        if (_hasWaited) target.Run.LateFiles.Reset();
    }
}

/// <summary>A timeout that becomes shorter when waiting was in vain, so that a thousand expired links do not take hours. Thread-safe.</summary>
internal sealed class ShrinkingTimeout(TimeSpan max)
{
    public static readonly TimeSpan Min = TimeSpan.FromSeconds(1);

    private long _ticks = max.Ticks;

    public TimeSpan Current => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public void Reset() => Interlocked.Exchange(ref _ticks, max.Ticks);

    /// <param name="waited">How long the wait was. Half of it is the new timeout, however many waited at the same time.</param>
    public void Shorten(TimeSpan waited) => Interlocked.Exchange(ref _ticks, Math.Max(Min.Ticks, Math.Min(Interlocked.Read(ref _ticks), waited.Ticks / 2)));
}
