using MidJourney.Throttling;

namespace MidJourney.Downloads;

/// <summary>
/// Decides how to go on when a file is not at its URL (401, 403, 404, 410): the task may have a new URL by now, and an image may reach its host after its
/// task has completed.
/// </summary>
internal sealed class MissingFile(DownloadTarget target, TimeProvider time)
{
    private const int Gone = 410;

    // A gateway that throttles must not delay a file whose link may be valid.
    private static readonly TimeSpan RenewTimeout = TimeSpan.FromSeconds(10);

    private long? _since;
    private bool _isLastTry;
    private int _failures;

    /// <summary>The task's current URL; null if it cannot be read.</summary>
    public async Task<Uri?> RenewAsync(CancellationToken cancellationToken)
    {
        if (target.Renew is not { } renew) return null;
        using var limit = time.CancelAfter(RenewTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try { return await renew(either.Token).ConfigureAwait(false); }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested) { return null; }
    }

    /// <summary>The wait before the next try; null to give up.</summary>
    public TimeSpan? NextWait(GatewayException error, bool isNewUrl, double spread)
    {
        _since ??= time.GetTimestamp();
        if (isNewUrl && _failures++ == 0) return TimeSpan.Zero;
        if (error.HttpStatus == Gone) return null;
        var (elapsed, timeout) = (time.GetElapsedTime(_since.Value), target.Run.MissingFileTimeout);
        if (elapsed >= timeout || _isLastTry)
        {
            target.Run.NotArrived(elapsed);
            return null;
        }
        var wait = Backoff.After(++_failures, spread);
        // The last try is at the end of the timeout.
        _isLastTry = elapsed + wait >= timeout;
        return _isLastTry ? timeout - elapsed : wait;
    }

    public void Arrived()
    {
        if (_since is not null) target.Run.Arrived();
    }
}

/// <summary>What the downloads of one run share. Thread-safe.</summary>
internal sealed class DownloadRun
{
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(1);

    private long _timeoutTicks = MaxTimeout.Ticks;
    private volatile bool _isProxyRefused;

    /// <summary>The proxy refused its user, and might lock the user out if the same password were sent again.</summary>
    internal bool IsProxyRefused => _isProxyRefused;

    internal void ProxyRefused() => _isProxyRefused = true;

    /// <summary>How long to retry a file that is missing. It becomes shorter when one did not arrive, so that a thousand expired links do not take hours.</summary>
    internal TimeSpan MissingFileTimeout => TimeSpan.FromTicks(Interlocked.Read(ref _timeoutTicks));

    internal void Arrived() => Interlocked.Exchange(ref _timeoutTicks, MaxTimeout.Ticks);

    internal void NotArrived(TimeSpan after) => Interlocked.Exchange(ref _timeoutTicks, Math.Max(MinTimeout.Ticks, Math.Min(Interlocked.Read(ref _timeoutTicks), after.Ticks / 2)));
}
