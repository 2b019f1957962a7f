namespace MidJourney;

/// <summary>
/// What the downloads of one run learn from each other: that the proxy does not accept its user, and how long an address that answers 404 or 403 is tried again, because images may arrive at their host after their task has
/// completed. Where one has not come, the next are given less time: a thousand that have expired must not cost hours.
/// Safe for use by many threads.
/// </summary>
public sealed class GonePatience
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
