namespace MidJourney.Bench.Simulation;

/// <summary>How long the tasks of a simulated gateway take, in seconds.</summary>
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
