namespace MidJourney.Bench.Simulation;

/// <summary>One row of the simulation: how the gateway's tasks behave, and how a client polls them.</summary>
internal sealed record Situation(Strategy Strategy, Durations Durations, Progress Progress, Arrivals Arrivals)
{
    public Hints Hints { get; init; } = Hints.None;

    /// <summary>The session has waited for as many tasks before.</summary>
    public bool IsWarm { get; init; }

    /// <param name="count">Tasks.</param>
    /// <param name="inFlight">Maximum reads in flight.</param>
    /// <param name="seeds">Runs.</param>
    /// <param name="counted">Which tasks count; all unless given.</param>
    public Outcome Run(int count, int inFlight, int seeds, Func<SimulatedTask[], IEnumerable<SimulatedTask>>? counted = null) =>
        Outcome.Average([.. Enumerable.Range(1, seeds).Select(seed => RunOnce(count, inFlight, seed, counted ?? (all => all)))]);

    /// <summary>All tasks of all runs together.</summary>
    public Outcome RunTogether(int count, int inFlight, int seeds, Func<SimulatedTask, bool> counted) =>
        Outcome.Of([.. Enumerable.Range(1, seeds).SelectMany(seed => Simulate(count, inFlight, seed).Tasks).Where(counted)], 0);

    private Outcome RunOnce(int count, int inFlight, int seed, Func<SimulatedTask[], IEnumerable<SimulatedTask>> counted)
    {
        var (tasks, peak) = Simulate(count, inFlight, seed);
        return Outcome.Of([.. counted(tasks)], peak);
    }

    private (SimulatedTask[] Tasks, int Peak) Simulate(int count, int inFlight, int seed)
    {
        var knowledge = new PollKnowledge();
        if (IsWarm) new Gateway(this, Strategy.New(knowledge, Hints != Hints.None), Tasks(count, seed + 10_000, Hints.Before ?? Hints), inFlight).Run();
        var tasks = Tasks(count, seed, Hints);
        var gateway = new Gateway(this, Strategy.New(knowledge, Hints != Hints.None), tasks, inFlight);
        gateway.Run();
        return (tasks, gateway.Peak.Highest);
    }

    private SimulatedTask[] Tasks(int count, int seed, Hints hints)
    {
        var random = new Random(seed);
        var durations = Enumerable.Range(0, count).Select(_ => Durations.Draw(random)).ToArray();
        var made = Arrivals.Times(durations);
        var tasks = durations.Select((duration, n) => new SimulatedTask { Number = n, Made = made[n], Duration = duration }).OrderBy(t => t.Made).ToArray();
        foreach (var task in tasks) hints.Plan(task, random);
        return tasks;
    }
}

/// <summary>When task n is created, in seconds, unless as many tasks are running as may.</summary>
internal sealed record Arrivals(string Name, Func<int, double> At, int MaxRunning = int.MaxValue)
{
    public static readonly Arrivals[] All = [new("all at once", _ => 0), new("5 per second", n => n / 5.0)];

    public static readonly Arrivals Hundred = new("100 running", _ => 0, 100);

    public double[] Times(double[] durations)
    {
        var running = new PriorityQueue<int, double>();
        var times = new double[durations.Length];
        for (var n = 0; n < times.Length; n++)
        {
            var at = At(n);
            if (running.Count >= MaxRunning && running.TryDequeue(out _, out var free)) at = Math.Max(at, free);
            times[n] = at;
            running.Enqueue(n, at + durations[n]);
        }
        return times;
    }
}

/// <summary>The callbacks of the tasks.</summary>
internal sealed record Hints(string Name)
{
    /// <summary>The client listens for none.</summary>
    public static readonly Hints None = new("none");

    /// <summary>The share of tasks whose end is not told.</summary>
    public double Loss { get; init; }

    /// <summary>From the end of the task to the callback, mean of an exponential distribution, in seconds.</summary>
    public double Delay { get; init; } = 0.05;

    /// <summary>How much older than its answer is what a read sees.</summary>
    public double ReadLag { get; init; }

    /// <summary>Ages of callbacks for other states.</summary>
    public double[] Early { get; init; } = [];

    /// <summary>Times that each callback is repeated, half a second apart.</summary>
    public int Repeats { get; init; }

    /// <summary>When the last callback comes.</summary>
    public double Until { get; init; } = double.PositiveInfinity;

    /// <summary>The callbacks of the session's tasks before.</summary>
    public Hints? Before { get; init; }

    public void Plan(SimulatedTask task, Random random)
    {
        var (isLost, delay) = (random.NextDouble() < Loss, -Delay * Math.Log(1 - random.NextDouble()));
        task.IsLost = isLost || task.Ends + delay > Until;
        if (this == None) return;
        var states = Early.Where(age => age < task.Duration).Select(age => task.Made + age).ToList();
        if (!task.IsLost) states.Add(task.Ends + delay);
        task.Callbacks = [.. states.SelectMany(at => Enumerable.Range(0, Repeats + 1).Select(n => at + n * 0.5)).Where(at => at <= Until)];
    }
}

/// <summary>How long the tasks take, in seconds.</summary>
internal sealed record Durations(string Name, Func<Random, double> Draw)
{
    /// <summary>The minimum of (polls − 1) × mean delay for any schedule that knows the distribution but nothing of the task: ½(∫S√h dt)².</summary>
    public double? Limit { get; init; }

    public static readonly Durations[] All =
    [
        new("uniform 1–10 s", random => 1 + 9 * random.NextDouble()) { Limit = 2 },
        new("log-normal, median 40 s", random => 40 * Math.Exp(0.5 * Normal(random))) { Limit = 16.6 },
        new("bimodal 20 s / 120 s", random => (random.Next(2) == 0 ? 20 : 120) * (1 + 0.05 * Normal(random))),
        new("30 s, 1 % stuck at 10 min", random => random.Next(100) == 0 ? 600 : 30),
    ];

    public static readonly Durations HalfToOneMinute = new("uniform 30–60 s", random => 30 + 30 * random.NextDouble());

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>The progress that a task reports after a share of its duration.</summary>
internal sealed record Progress(string Name, Func<double, double?> At)
{
    public static readonly Progress None = new("none", _ => null);

    public static readonly Progress[] All =
    [
        None,
        new("linear", share => Math.Round(share, 2)),
        new("stuck at 95 %", share => Math.Round(Math.Min(0.95, share * 2.85), 2)),
        new("in jumps", share => Math.Floor(share * 4) / 4),
    ];
}
