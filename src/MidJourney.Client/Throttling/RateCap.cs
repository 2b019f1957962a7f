namespace MidJourney.Throttling;

/// <summary>
/// A hard cap on requests a second: never more than the whole number of it within any second, spread over the second in
/// tenths where the rate allows.
/// </summary>
internal sealed class RateCap
{
    private const double PartsOfASecond = 10;

    /// <summary>Requests do not arrive exactly as far apart as they are sent.</summary>
    private const double Margin = 1.05;

    private readonly RateWindow _second;
    private readonly RateWindow _part;

    /// <param name="perSecond">Above 0; below 1 is one request in more than a second.</param>
    public RateCap(double perSecond)
    {
        var whole = Math.Max(1, (int)perSecond);
        _second = new RateWindow(whole, Margin * Math.Max(1, whole / perSecond));
        var part = Math.Max(1, (int)(perSecond / PartsOfASecond));
        _part = new RateWindow(part, part / perSecond);
    }

    /// <summary>Zero, and the request counts as passed; or the time until it is worth asking again.</summary>
    public TimeSpan TryPass(TimeSpan now)
    {
        var wait = _second.TimeToPass(now);
        if (_part.TimeToPass(now) is var other && other > wait) wait = other;
        if (wait > TimeSpan.Zero) return wait;
        _second.Pass(now);
        _part.Pass(now);
        return TimeSpan.Zero;
    }

    /// <summary>What passed at one time is sent at a later one.</summary>
    /// <returns>False when that is so long ago that it must pass again.</returns>
    public bool TrySend(TimeSpan passed, TimeSpan now)
    {
        _part.TryMove(passed, now);
        return _second.TryMove(passed, now);
    }
}

/// <summary>Within any stretch of a window's length never more than its capacity pass.</summary>
internal sealed class RateWindow
{
    private readonly TimeSpan _window;
    private readonly TimeSpan[] _passes;
    private int _oldest;

    public RateWindow(int capacity, double seconds)
    {
        _window = TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond));
        _passes = new TimeSpan[capacity];
        for (var i = 0; i < capacity; i++) _passes[i] = -_window;
    }

    /// <summary>The time until one may pass; zero or less for now.</summary>
    public TimeSpan TimeToPass(TimeSpan now) => _passes[_oldest] + _window - now;

    public void Pass(TimeSpan now)
    {
        _passes[_oldest] = now;
        _oldest = (_oldest + 1) % _passes.Length;
    }

    /// <summary>Makes of one that passed at a time one that passed later.</summary>
    /// <returns>False when so many have passed since that this one is not known any more.</returns>
    public bool TryMove(TimeSpan passed, TimeSpan now)
    {
        var at = Array.LastIndexOf(_passes, passed);
        if (at >= 0) _passes[at] = now;
        return at >= 0;
    }
}
