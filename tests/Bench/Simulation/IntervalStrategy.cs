namespace MidJourney.Bench.Simulation;

/// <summary>Reads each task at intervals that depend on nothing but how often it was read.</summary>
internal sealed class IntervalStrategy(double first, Func<int, double> interval) : IStrategy
{
    private readonly PriorityQueue<SimulatedTask, double> _queue = new();

    public double? NextDue => _queue.TryPeek(out _, out var due) ? due : null;

    public void Add(SimulatedTask task, double now) => _queue.Enqueue(task, now + first);

    public SimulatedTask? Take(double now) => _queue.TryPeek(out var task, out var due) && due <= now ? _queue.Dequeue() : null;

    public void SeenRunning(SimulatedTask task, double? progress, double now) => _queue.Enqueue(task, now + interval(task.Polls));

    public void SeenEnded(SimulatedTask task, double now)
    {
    }
}
