namespace MidJourney.Throttling;

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
