namespace MidJourney.Bench.Simulation;

/// <summary>A polling strategy by name. Each run gets a new instance, because strategies learn.</summary>
internal sealed record Strategy(string Name, Func<PollKnowledge, bool, IStrategy> New)
{
    /// <summary>What the published clients do: poll at once, then every 3 s.</summary>
    public static readonly Strategy Fixed3 = new("fixed 3 s", (_, _) => new IntervalStrategy(0, _ => 3));

    public static readonly Strategy Fixed5 = new("fixed 5 s", (_, _) => new IntervalStrategy(0, _ => 5));

    public static readonly Strategy Exponential = new("exponential", (_, _) => new IntervalStrategy(1, polls => Math.Min(30, Math.Pow(2, polls))));

    public static readonly Strategy Ours = new("ours", (knowledge, listens) => new ModuleStrategy(knowledge, listens));

    public static readonly Strategy Deaf = new("ours, without callbacks", (knowledge, _) => new ModuleStrategy(knowledge, false));

    /// <summary>The strategies that ignore progress.</summary>
    public static readonly Strategy[] Others = [Fixed3, Fixed5, Exponential];
}

/// <summary>Decides when a client of the simulated gateway polls its tasks.</summary>
internal interface IStrategy
{
    void Add(SimulatedTask task, double now);

    /// <summary>When the next poll is due; null when no task is waiting.</summary>
    double? NextDue { get; }

    /// <summary>The next task to poll now; null when none is due.</summary>
    SimulatedTask? Take(double now);

    /// <summary>A callback for the task arrives.</summary>
    void Hint(SimulatedTask task, double now);

    void SeenRunning(SimulatedTask task, double? progress, double now);

    void SeenEnded(SimulatedTask task, double now);
}

/// <summary>Polls each task at intervals that depend only on the number of its polls so far.</summary>
internal sealed class IntervalStrategy(double first, Func<int, double> interval) : IStrategy
{
    private readonly PriorityQueue<SimulatedTask, double> _queue = new();

    public double? NextDue => _queue.TryPeek(out _, out var due) ? due : null;

    public void Add(SimulatedTask task, double now) => _queue.Enqueue(task, now + first);

    public SimulatedTask? Take(double now) => _queue.TryPeek(out var task, out var due) && due <= now ? _queue.Dequeue() : null;

    public void Hint(SimulatedTask task, double now)
    {
    }

    public void SeenRunning(SimulatedTask task, double? progress, double now) => _queue.Enqueue(task, now + interval(task.Polls));

    public void SeenEnded(SimulatedTask task, double now)
    {
    }
}

/// <summary>The module's own planner.</summary>
internal sealed class ModuleStrategy : IStrategy
{
    private static readonly MJTask Snapshot = new() { Id = "simulated", RawStatus = "in_progress", Model = "midjourney_upscale" };

    private readonly PollKnowledge _knowledge;
    private readonly PollPlanner _planner;
    private readonly Random _random = new(7);
    private readonly Dictionary<long, SimulatedTask> _tasks = [];
    private readonly Dictionary<int, WaitingTask> _waiting = [];

    public ModuleStrategy(PollKnowledge knowledge, bool listens)
    {
        _knowledge = knowledge;
        _planner = new PollPlanner(knowledge, 0) { ListensForHints = listens };
    }

    public double? NextDue => _planner.NextDue;

    public void Add(SimulatedTask task, double now)
    {
        var waiting = new WaitingTask(task.Number, Snapshot with { Id = IdOf(task) }, _knowledge.KindOf(Snapshot), now) { IsAgeKnown = true, Jitter = _random.NextDouble() };
        _tasks[task.Number] = task;
        _waiting[task.Number] = waiting;
        _planner.Add(waiting, now);
    }

    public SimulatedTask? Take(double now) => _planner.TakeDue(now) is { } waiting ? _tasks[waiting.Number] : null;

    public void Hint(SimulatedTask task, double now)
    {
        if (_planner.ListensForHints) _planner.Hint(IdOf(task), now);
    }

    public void SeenRunning(SimulatedTask task, double? progress, double now) => _planner.ObserveRunning(_waiting[task.Number], progress, now);

    public void SeenEnded(SimulatedTask task, double now)
    {
        _planner.ObserveEnd(_waiting[task.Number], now);
        _waiting.Remove(task.Number);
        _tasks.Remove(task.Number);
    }

    private static string IdOf(SimulatedTask task) => FormattableString.Invariant($"t{task.Number}");
}
