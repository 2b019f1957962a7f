namespace MidJourney.Bench.Simulation;

/// <summary>The module's own planner.</summary>
internal sealed class ModuleStrategy : IStrategy
{
    private static readonly MJTask Snapshot = new() { Id = "simulated", RawStatus = "in_progress", Model = "midjourney_upscale" };

    private readonly PollKnowledge _knowledge = new();
    private readonly PollPlanner _planner;
    private readonly Random _random = new(7);
    private readonly Dictionary<long, SimulatedTask> _tasks = [];
    private readonly Dictionary<int, WaitingTask> _waiting = [];

    public ModuleStrategy() => _planner = new PollPlanner(_knowledge, 0);

    public double? NextDue => _planner.NextDue;

    public void Add(SimulatedTask task, double now)
    {
        var waiting = new WaitingTask(task.Number, Snapshot, _knowledge.KindOf(Snapshot), now) { IsAgeKnown = true, Spread = _random.NextDouble() };
        _tasks[task.Number] = task;
        _waiting[task.Number] = waiting;
        _planner.Add(waiting, now);
    }

    public SimulatedTask? Take(double now) => _planner.TakeDue(now) is { } waiting ? _tasks[waiting.Number] : null;

    public void SeenRunning(SimulatedTask task, double? progress, double now) => _planner.SeenRunning(_waiting[task.Number], progress, now);

    public void SeenEnded(SimulatedTask task, double now)
    {
        _planner.SeenEnded(_waiting[task.Number], now);
        _waiting.Remove(task.Number);
        _tasks.Remove(task.Number);
    }
}
