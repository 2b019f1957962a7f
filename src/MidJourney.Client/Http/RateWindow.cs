namespace MidJourney;

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
