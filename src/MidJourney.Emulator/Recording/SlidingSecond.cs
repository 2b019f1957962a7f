namespace MidJourney.Emulator;

/// <summary>Lets at most so many requests through in any one second. Refused ones do not count.</summary>
internal sealed class SlidingSecond
{
    private readonly Lock _lock = new();
    private long[] _passed = [];
    private int _oldest;

    public bool TryPass(long now, int limit)
    {
        lock (_lock)
        {
            if (_passed.Length != limit)
            {
                _passed = new long[limit];
                _oldest = 0;
            }
            if (now - _passed[_oldest] < TimeSpan.TicksPerSecond)
                return false;
            _passed[_oldest] = now;
            _oldest = (_oldest + 1) % limit;
            return true;
        }
    }
}
