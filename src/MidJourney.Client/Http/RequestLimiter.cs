namespace MidJourney;

/// <summary>
/// Lets requests through: so many at once, so many a second, none while the gateway has asked for a pause. One limiter
/// serves a whole session, so that what one request learns holds for all.
/// </summary>
internal sealed class RequestLimiter : IDisposable
{
    private static readonly TimeSpan SamePause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _slots;
    private readonly RateWindow? _cap;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly object _lock = new();
    private TimeSpan _pausedUntil;

    public RequestLimiter(int throttleLimit, double maxRequestsPerSecond, TimeProvider time)
    {
        _slots = new SemaphoreSlim(throttleLimit, throttleLimit);
        _cap = maxRequestsPerSecond > 0 ? new RateWindow(maxRequestsPerSecond) : null;
        _time = time;
        _origin = time.GetTimestamp();
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Waits for the request's turn. Whoever enters must leave.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (TimeToWait() is var wait && wait > TimeSpan.Zero)
                await _time.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    public void Leave() => _slots.Release();

    /// <summary>Holds every request of the session back for so long.</summary>
    /// <returns>Whether this is news: false for the many answers that ask for one and the same pause.</returns>
    public bool Pause(TimeSpan duration)
    {
        lock (_lock)
        {
            var until = Now + duration;
            if (until <= _pausedUntil) return false;
            var isNews = until - _pausedUntil > SamePause;
            _pausedUntil = until;
            return isNews;
        }
    }

    public void Dispose() => _slots.Dispose();

    private TimeSpan TimeToWait()
    {
        lock (_lock)
        {
            var now = Now;
            if (_pausedUntil > now) return _pausedUntil - now;
            return _cap?.TryPass(now) ?? TimeSpan.Zero;
        }
    }
}
