namespace MidJourney.Emulator;

/// <summary>Lets a number of requests pass in any one second. Refused ones do not count.</summary>
internal sealed class RateLimit
{
    private readonly Queue<DateTimeOffset> _passed = [];

    /// <summary>A limit of 0 is none.</summary>
    public bool TryPass(DateTimeOffset now, int limit)
    {
        if (limit <= 0)
            return true;
        lock (_passed)
        {
            while (_passed.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromSeconds(1))
                _passed.Dequeue();
            if (_passed.Count >= limit)
                return false;
            _passed.Enqueue(now);
            return true;
        }
    }
}
