namespace MidJourney.Bench.Simulation;

/// <summary>What a running task says of its progress when this share of its time is over.</summary>
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
