namespace MidJourney.Bench.Simulation;

/// <summary>The most requests in any one second.</summary>
internal sealed class PeakRate
{
    private readonly Queue<double> _lastSecond = new();

    public int Highest { get; private set; }

    public void Count(double now)
    {
        _lastSecond.Enqueue(now);
        while (_lastSecond.Peek() <= now - 1) _lastSecond.Dequeue();
        Highest = Math.Max(Highest, _lastSecond.Count);
    }
}
