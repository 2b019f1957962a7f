namespace MidJourney.Bench.Simulation;

/// <summary>A way to poll, by name; a new one for each run, since it learns.</summary>
internal sealed record Strategy(string Name, Func<IStrategy> New)
{
    /// <summary>As the published clients poll: at once, and then every 3 s.</summary>
    public static readonly Strategy Fixed3 = new("fixed 3 s", () => new IntervalStrategy(0, _ => 3));

    public static readonly Strategy Fixed5 = new("fixed 5 s", () => new IntervalStrategy(0, _ => 5));

    public static readonly Strategy Exponential = new("exponential", () => new IntervalStrategy(1, polls => Math.Min(30, Math.Pow(2, polls))));

    public static readonly Strategy Ours = new("ours", () => new ModuleStrategy());

    /// <summary>Those to which progress makes no difference.</summary>
    public static readonly Strategy[] Others = [Fixed3, Fixed5, Exponential];
}
