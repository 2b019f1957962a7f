namespace MidJourney.Emulator;

/// <summary>How many there are now, and the most there were at once.</summary>
internal sealed class Gauge
{
    private int _now;
    private int _most;

    public int Now => Volatile.Read(ref _now);

    public int Most => Volatile.Read(ref _most);

    public void Enter()
    {
        int now = Interlocked.Increment(ref _now);
        int most = Volatile.Read(ref _most);
        while (now > most)
        {
            int seen = Interlocked.CompareExchange(ref _most, now, most);
            if (seen == most)
                return;
            most = seen;
        }
    }

    public void Leave() => Interlocked.Decrement(ref _now);

    public void Reset() => Volatile.Write(ref _most, Now);
}
