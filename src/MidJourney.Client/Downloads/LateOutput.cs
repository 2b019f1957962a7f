using MidJourney.Throttling;

namespace MidJourney.Downloads;

/// <summary>
/// What is done where an address leads nowhere: its task may have another one by now, and an image may arrive at its host
/// after its task has completed.
/// </summary>
internal sealed class LateOutput(DownloadTarget target, TimeProvider time)
{
    private const int Gone = 410;

    // A gateway that throttles must not hold up a file whose link may be good.
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(10);

    private long? _since;
    private bool _isLast;
    private int _failures;

    /// <summary>The address that the task has now; null where that cannot be told.</summary>
    public async Task<Uri?> RenewAsync(CancellationToken cancellationToken)
    {
        if (target.Renew is not { } renew) return null;
        using var limit = time.CancelAfter(ReadPatience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try { return await renew(either.Token).ConfigureAwait(false); }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested) { return null; }
    }

    /// <summary>How long to wait before the next try; null when there is no point in another.</summary>
    /// <param name="error">What the last one brought.</param>
    /// <param name="isNewAddress">Whether the next goes to another address.</param>
    /// <param name="spread">0 to 1, random.</param>
    public TimeSpan? TimeToRepeat(GatewayException error, bool isNewAddress, double spread)
    {
        _since ??= time.GetTimestamp();
        if (isNewAddress && _failures++ == 0) return TimeSpan.Zero;
        // Gone for good, its host says.
        if (error.HttpStatus == Gone) return null;
        var (passed, patience) = (time.GetElapsedTime(_since.Value), target.Patience.Now);
        if (passed >= patience || _isLast)
        {
            target.Patience.GaveUp(passed);
            return null;
        }
        var wait = Backoff.After(++_failures, spread);
        // The last try is at the end of the time.
        _isLast = passed + wait >= patience;
        return _isLast ? patience - passed : wait;
    }

    /// <summary>The file has come.</summary>
    public void Came()
    {
        if (_since is not null) target.Patience.Came();
    }
}

/// <summary>
/// What the downloads of one run learn from each other: that the proxy does not accept its user, and how long an address that answers 404 or 403 is tried again, because images may arrive at their host after their task has
/// completed. Where one has not come, the next are given less time: a thousand that have expired must not cost hours.
/// Safe for use by many threads.
/// </summary>
internal sealed class GonePatience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private long _ticks = Longest.Ticks;
    private volatile bool _isProxyRefused;

    /// <summary>The proxy has refused its user, who might be locked out if the same password came again.</summary>
    internal bool IsProxyRefused => _isProxyRefused;

    internal void ProxyRefused() => _isProxyRefused = true;

    internal TimeSpan Now => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>One came late.</summary>
    internal void Came() => Interlocked.Exchange(ref _ticks, Longest.Ticks);

    /// <summary>One did not come in the time it was given.</summary>
    internal void GaveUp(TimeSpan after) => Interlocked.Exchange(ref _ticks, Math.Max(Shortest.Ticks, Math.Min(Interlocked.Read(ref _ticks), after.Ticks / 2)));
}
