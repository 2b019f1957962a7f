namespace MidJourney;

/// <summary>
/// A hard cap on requests a second: within any stretch of a window's length never more than its capacity pass. Windows
/// are a tenth of a second where the rate allows, so that the requests of a second are spread over it.
/// </summary>
internal sealed class RateWindow
{
    private const double WindowsPerSecond = 10;

    private readonly TimeSpan _window;
    private readonly TimeSpan[] _passes;
    private int _oldest;

    /// <param name="perSecond">Above 0; below 1 is one request in more than a second.</param>
    public RateWindow(double perSecond)
    {
        var capacity = Math.Max(1, (int)(perSecond / WindowsPerSecond));
        _window = TimeSpan.FromTicks((long)Math.Ceiling(capacity / perSecond * TimeSpan.TicksPerSecond));
        _passes = new TimeSpan[capacity];
        for (var i = 0; i < capacity; i++) _passes[i] = -_window;
    }

    /// <summary>Zero, and the request counts as passed; or the time until it is worth asking again.</summary>
    public TimeSpan TryPass(TimeSpan now)
    {
        var free = _passes[_oldest] + _window;
        if (free > now) return free - now;
        _passes[_oldest] = now;
        _oldest = (_oldest + 1) % _passes.Length;
        return TimeSpan.Zero;
    }
}
