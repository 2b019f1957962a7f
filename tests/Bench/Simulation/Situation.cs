namespace MidJourney.Bench.Simulation;

/// <summary>One row of the simulation: how the gateway's tasks behave, and how a client polls them.</summary>
internal sealed record Situation(Strategy Strategy, Durations Durations, Progress Progress, Arrivals Arrivals)
{
    public Outcome Run(int count, int inFlight, int seeds) => Outcome.Average(
        [.. Enumerable.Range(1, seeds).Select(seed => Gateway.Run(Strategy.New(), Durations, Progress, Arrivals, count, inFlight, seed))]);
}

/// <summary>When task n is created, in seconds.</summary>
internal sealed record Arrivals(string Name, Func<int, double> At)
{
    public static readonly Arrivals[] All = [new("all at once", _ => 0), new("5 per second", n => n / 5.0)];
}

/// <summary>How long the tasks take, in seconds.</summary>
internal sealed record Durations(string Name, Func<Random, double> Draw)
{
    public static readonly Durations[] All =
    [
        new("uniform 1–10 s", random => 1 + 9 * random.NextDouble()),
        new("log-normal, median 40 s", random => 40 * Math.Exp(0.5 * Normal(random))),
        new("bimodal 20 s / 120 s", random => (random.Next(2) == 0 ? 20 : 120) * (1 + 0.05 * Normal(random))),
        new("30 s, 1 % stuck at 10 min", random => random.Next(100) == 0 ? 600 : 30),
    ];

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
        new("stuck at 95 %", share => Math.Round(Math.Min(0.95, share * 4), 2)),
        new("in jumps", share => Math.Floor(share * 4) / 4),
    ];
}
