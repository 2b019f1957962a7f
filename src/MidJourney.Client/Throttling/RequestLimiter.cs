using System.Diagnostics.CodeAnalysis;

namespace MidJourney.Throttling;

/// <summary>
/// Lets requests through: so many at once, so many a second, at the rate the gateway takes, and none while it has asked
/// for a pause. One limiter serves a whole session, so that what one request learns holds for all.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing, and requests still leave after the client was disposed.")]
internal sealed class RequestLimiter
{
    /// <summary>More at once only as requests get through, so that a low limit is not met with hundreds.</summary>
    private const int FirstSlots = 16;
    private static readonly TimeSpan SamePause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _slots;
    private readonly RateCap? _cap;
    private readonly AdaptiveRate _createRate = new();
    private readonly AdaptiveRate _readRate = new();
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly object _lock = new();
    private TimeSpan _pausedUntil;
    private readonly int _throttleLimit;
    private int _withheldSlots;
    private volatile bool _isOpen;

    public RequestLimiter(int throttleLimit, double maxRequestsPerSecond, TimeProvider time)
    {
        _slots = new SemaphoreSlim(1, throttleLimit);
        _throttleLimit = throttleLimit;
        _cap = maxRequestsPerSecond > 0 ? new RateCap(maxRequestsPerSecond) : null;
        _time = time;
        _origin = time.GetTimestamp();
    }

    /// <summary>Whether more than one request may be in flight.</summary>
    public bool IsOpen => _isOpen;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Waits for the request's turn. Whoever enters must leave.</summary>
    /// <returns>When it was let through, for <see cref="PutOff"/>.</returns>
    public ValueTask<TimeSpan> EnterAsync(RequestKind kind, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && TryEnter(kind) is { } entered ? new(entered) : EnterInTurnAsync(kind, cancellationToken);

    /// <summary>Mostly there is nothing to wait for, and nothing to remember for when there was.</summary>
    private TimeSpan? TryEnter(RequestKind kind)
    {
        if (_cap is not null || !_slots.Wait(0)) return null;
        lock (_lock)
        {
            var now = Now;
            if (now >= _pausedUntil && RateOf(kind).TryPass(now.TotalSeconds) <= 0) return now;
        }
        _slots.Release();
        return null;
    }

    private async ValueTask<TimeSpan> EnterInTurnAsync(RequestKind kind, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Waiting for the rate of one kind must not take the place of requests of the other.
            var turn = await WaitAsync(now => TimeToPause(now) ?? TimeSpan.FromSeconds(RateOf(kind).TryPass(now.TotalSeconds)), cancellationToken).ConfigureAwait(false);
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            // A turn of a rate that was found too high while a place was waited for is none any more.
            if (turn.TotalSeconds > LastLowered(kind)) break;
            _slots.Release();
        }
        try
        {
            return await WaitAsync(now => TimeToPause(now) ?? _cap?.TryPass(now) ?? TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>The request leaves only now: what was done meanwhile counts for nothing with the cap, which holds for what is sent.</summary>
    /// <param name="entered">When it was let through.</param>
    /// <param name="cancellationToken">Ends the waiting for another turn, which what was held up for long needs.</param>
    public ValueTask SendingAsync(TimeSpan entered, CancellationToken cancellationToken)
    {
        if (_cap is null) return default;
        lock (_lock)
            if (_cap.TrySend(entered, Now)) return default;
        return new(WaitAsync(_cap.TryPass, cancellationToken).AsTask());
    }

    /// <summary>How long a request that entered now would wait for the gateway's sake, at least.</summary>
    public TimeSpan TimeToTurn(RequestKind kind)
    {
        lock (_lock)
        {
            var now = Now;
            var turn = TimeSpan.FromSeconds(RateOf(kind).TimeToTurn(now.TotalSeconds));
            var pause = _pausedUntil - now;
            return turn > pause ? turn : pause;
        }
    }

    /// <summary>What holds requests of a kind back just now.</summary>
    public LimiterState StateOf(RequestKind kind)
    {
        lock (_lock)
        {
            var now = Now;
            return new(RateOf(kind).Limit(now.TotalSeconds), TimeToPause(now) ?? TimeSpan.Zero, _slots.CurrentCount);
        }
    }

    /// <summary>The request has ended, however it did.</summary>
    public void Leave() => _slots.Release();

    /// <summary>
    /// The key and the proxy's user are not refused. Until that is known one request is in flight, so that what is wrong is
    /// sent once, and nobody is locked out for it.
    /// </summary>
    public void Open()
    {
        lock (_lock)
        {
            if (_isOpen) return;
            _isOpen = true;
            _withheldSlots = Math.Max(0, _throttleLimit - FirstSlots);
        }
        if (Math.Min(_throttleLimit, FirstSlots) - 1 is > 0 and var more) _slots.Release(more);
    }

    /// <summary>A request got through.</summary>
    public void Through(RequestKind kind)
    {
        bool more;
        lock (_lock)
        {
            RateOf(kind).Through(Now.TotalSeconds);
            more = _withheldSlots > 0;
            if (more) _withheldSlots--;
        }
        if (more) _slots.Release();
    }

    /// <summary>A request was put off.</summary>
    /// <param name="kind">What it was to do.</param>
    /// <param name="entered">When it was let through.</param>
    public void PutOff(RequestKind kind, TimeSpan entered)
    {
        lock (_lock) RateOf(kind).PutOff(entered.TotalSeconds, Now.TotalSeconds);
    }

    private double LastLowered(RequestKind kind)
    {
        lock (_lock) return RateOf(kind).LastLowered;
    }

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

    private AdaptiveRate RateOf(RequestKind kind) => kind == RequestKind.Create ? _createRate : _readRate;

    /// <summary>What is left of a pause; null when there is none. Turns are given out after it, or they would all be taken at its end.</summary>
    private TimeSpan? TimeToPause(TimeSpan now) => _pausedUntil > now ? _pausedUntil - now : null;

    /// <returns>When there was nothing left to wait for.</returns>
    private async ValueTask<TimeSpan> WaitAsync(Func<TimeSpan, TimeSpan> timeToWait, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan now, wait;
            lock (_lock)
            {
                now = Now;
                wait = timeToWait(now);
            }
            if (wait <= TimeSpan.Zero) return now;
            await _time.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>What holds requests of one kind back.</summary>
/// <param name="Rate">Requests a second that the gateway was found to take; null while it takes any number.</param>
/// <param name="Pause">What is left of a pause the gateway asked for; zero for none.</param>
/// <param name="Free">How many more may be in flight.</param>
internal readonly record struct LimiterState(double? Rate, TimeSpan Pause, int Free);

/// <summary>What a request does, which decides whether it may be repeated.</summary>
internal enum RequestKind
{
    /// <summary>Makes a task, and costs money.</summary>
    Create,

    /// <summary>Reads a task.</summary>
    Read,
}
