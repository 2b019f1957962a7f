using System.Diagnostics.CodeAnalysis;

namespace MidJourney.Throttling;

/// <summary>
/// Decides when a request may be sent: the concurrency limit, the requests-per-second limit, the rate that the gateway accepts, and
/// the pauses that it asks for. One limiter serves a whole session, so that what one request learns holds for all.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing, and requests still leave after the client was disposed.")]
internal sealed class RequestLimiter
{
    /// <summary>More run at once only as requests succeed, so that a low limit does not meet hundreds of requests.</summary>
    private const int InitialSlots = 16;
    private static readonly TimeSpan SamePause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _slots;
    private readonly RateCap? _cap;
    private readonly AdaptiveRate _createRate = new();
    private readonly AdaptiveRate _readRate = new();
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly object _lock = new();
    private readonly int _throttleLimit;
    private TaskCompletionSource<bool> _ended = NewSignal();
    private TimeSpan _pausedUntil;
    private int _withheldSlots;
    private int _freePlaces;
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

    /// <summary>Waits for the request's turn; <see cref="Leave"/> must follow.</summary>
    /// <returns>When it was admitted, for <see cref="Throttled"/>.</returns>
    public async Task<TimeSpan> EnterAsync(RequestKind kind, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Waiting for the rate of one kind must not take a slot from the other kind.
            var turn = await WaitAsync(now => RemainingPause(now) ?? TimeSpan.FromSeconds(TryPass(kind, now.TotalSeconds)), cancellationToken, kind).ConfigureAwait(false);
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            // A turn is invalid if its rate was lowered while it waited for a slot.
            if (turn.TotalSeconds > LastLowered(kind)) break;
            _slots.Release();
        }
        try
        {
            return await WaitAsync(now => RemainingPause(now) ?? _cap?.TryPass(now) ?? TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>Moves the request to the moment at which it is sent: the requests-per-second limit holds for what leaves. Waits for another turn if too much time has passed.</summary>
    public async Task SendingAsync(TimeSpan entered, CancellationToken cancellationToken)
    {
        if (_cap is null) return;
        lock (_lock)
            if (_cap.TryMove(entered, Now)) return;
        await WaitAsync(_cap.TryPass, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The minimum time that a request would wait now for the gateway's rate or pause.</summary>
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

    public LimiterState StateOf(RequestKind kind)
    {
        lock (_lock)
        {
            var now = Now;
            return new(RateOf(kind).Limit(now.TotalSeconds), RemainingPause(now) ?? TimeSpan.Zero, _slots.CurrentCount);
        }
    }

    /// <summary>The request has ended, successfully or not.</summary>
    public void Leave() => _slots.Release();

    /// <summary>
    /// The key and the proxy's user are accepted. Until that is known only one request is in flight, so that a wrong key is
    /// sent once and locks nobody out.
    /// </summary>
    public void Open()
    {
        lock (_lock)
        {
            if (_isOpen) return;
            _isOpen = true;
            _withheldSlots = Math.Max(0, _throttleLimit - InitialSlots);
        }
        if (Math.Min(_throttleLimit, InitialSlots) - 1 is > 0 and var more) _slots.Release(more);
    }

    public void Succeeded(RequestKind kind)
    {
        bool more;
        lock (_lock)
        {
            RateOf(kind).Succeeded(Now.TotalSeconds);
            more = _withheldSlots > 0;
            if (more) _withheldSlots--;
        }
        if (more) _slots.Release();
    }

    /// <param name="kind">What the throttled request was to do.</param>
    /// <param name="entered">When it was admitted.</param>
    public void Throttled(RequestKind kind, TimeSpan entered)
    {
        lock (_lock)
        {
            var now = Now.TotalSeconds;
            RateOf(kind).Throttled(entered.TotalSeconds, now, RateOf(kind == RequestKind.Create ? RequestKind.Read : RequestKind.Create).Succeeding(now));
            if (kind == RequestKind.Create) _freePlaces = 0;
        }
    }

    /// <summary>
    /// A task was seen to end. A gateway may limit the tasks that run (contract: 429 and running tasks): no pace helps against that, but the next create has a place.
    /// </summary>
    public void TaskEnded()
    {
        TaskCompletionSource<bool> ended;
        lock (_lock)
        {
            if (_createRate.Limit(Now.TotalSeconds) is null || _freePlaces >= _throttleLimit) return;
            _freePlaces++;
            (ended, _ended) = (_ended, NewSignal());
        }
        ended.TrySetResult(true);
    }

    /// <summary>Pauses every request of the session.</summary>
    /// <returns>Whether this pause is new: false for the many responses that ask for the same one.</returns>
    public bool Pause(TimeSpan duration)
    {
        lock (_lock)
        {
            var until = Now + duration;
            if (until <= _pausedUntil) return false;
            var isNew = until - _pausedUntil > SamePause;
            _pausedUntil = until;
            return isNew;
        }
    }

    private double TryPass(RequestKind kind, double now)
    {
        var hasPlace = kind == RequestKind.Create && _freePlaces > 0;
        var wait = RateOf(kind).TryPass(now, hasPlace);
        if (hasPlace && wait <= 0) _freePlaces--;
        return wait;
    }

    private double LastLowered(RequestKind kind)
    {
        lock (_lock) return RateOf(kind).LastLowered;
    }

    private AdaptiveRate RateOf(RequestKind kind) => kind == RequestKind.Create ? _createRate : _readRate;

    /// <summary>The rest of a pause; null for none. Turns are assigned after it, or all requests would leave at its end.</summary>
    private TimeSpan? RemainingPause(TimeSpan now) => _pausedUntil > now ? _pausedUntil - now : null;

    /// <returns>When there was nothing left to wait for.</returns>
    private async Task<TimeSpan> WaitAsync(Func<TimeSpan, TimeSpan> timeToWait, CancellationToken cancellationToken, RequestKind kind = RequestKind.Read)
    {
        while (true)
        {
            TimeSpan now, wait;
            Task ended;
            lock (_lock)
            {
                now = Now;
                wait = timeToWait(now);
                ended = _ended.Task;
            }
            if (wait <= TimeSpan.Zero) return now;
            if (kind == RequestKind.Create) await DelayAsync(wait, ended, cancellationToken).ConfigureAwait(false);
            else await _time.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DelayAsync(TimeSpan wait, Task ended, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_time.Delay(wait, enough.Token), ended).ConfigureAwait(false);
        enough.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What delays requests of one kind.</summary>
/// <param name="Rate">Requests per second that the gateway accepts; null while no limit is known.</param>
/// <param name="Pause">The rest of a pause that the gateway asked for; zero for none.</param>
/// <param name="Free">How many more requests may be in flight.</param>
internal readonly record struct LimiterState(double? Rate, TimeSpan Pause, int Free);

internal enum RequestKind
{
    /// <summary>Creates a task, and costs money.</summary>
    Create,

    /// <summary>Reads a task.</summary>
    Read,
}

/// <summary>A hard maximum of requests per second: never more in any second, and spread over tenths of a second where the rate allows.</summary>
internal sealed class RateCap
{
    private const double PartsOfASecond = 10;

    /// <summary>Requests do not arrive exactly as far apart as they are sent.</summary>
    private const double Margin = 1.05;

    private readonly RateWindow _second;
    private readonly RateWindow _part;

    /// <param name="perSecond">Above 0; below 1 means one request in more than a second.</param>
    public RateCap(double perSecond)
    {
        var whole = Math.Max(1, (int)perSecond);
        _second = new RateWindow(whole, Margin * Math.Max(1, whole / perSecond));
        var part = Math.Max(1, (int)(perSecond / PartsOfASecond));
        _part = new RateWindow(part, part / perSecond);
    }

    /// <summary>Zero, and the request counts as sent; otherwise the time to wait before trying again.</summary>
    public TimeSpan TryPass(TimeSpan now)
    {
        var wait = _second.TimeToPass(now);
        if (_part.TimeToPass(now) is var other && other > wait) wait = other;
        if (wait > TimeSpan.Zero) return wait;
        _second.Pass(now);
        _part.Pass(now);
        return TimeSpan.Zero;
    }

    /// <summary>Moves a recorded send to the time at which it really happens.</summary>
    /// <returns>False if the record is too old, so that the request must pass again.</returns>
    public bool TryMove(TimeSpan passed, TimeSpan now)
    {
        _part.TryMove(passed, now);
        return _second.TryMove(passed, now);
    }

    /// <summary>At most <paramref name="capacity"/> sends within any stretch of the window's length.</summary>
    private sealed class RateWindow(int capacity, double seconds)
    {
        private readonly TimeSpan _window = TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond));
        private readonly TimeSpan?[] _passes = new TimeSpan?[capacity];
        private int _oldest;

        /// <summary>The time until one may pass; zero or less for now.</summary>
        public TimeSpan TimeToPass(TimeSpan now) => _passes[_oldest] is { } passed ? passed + _window - now : TimeSpan.Zero;

        public void Pass(TimeSpan now)
        {
            _passes[_oldest] = now;
            _oldest = (_oldest + 1) % _passes.Length;
        }

        /// <returns>False if the recorded send has been overwritten by later ones.</returns>
        public bool TryMove(TimeSpan passed, TimeSpan now)
        {
            var at = Array.LastIndexOf(_passes, passed);
            if (at >= 0) _passes[at] = now;
            return at >= 0;
        }
    }
}
