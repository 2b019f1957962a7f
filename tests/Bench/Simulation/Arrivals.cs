namespace MidJourney.Bench.Simulation;

/// <summary>When the n-th task is made, in seconds.</summary>
internal sealed record Arrivals(string Name, Func<int, double> At)
{
    public static readonly Arrivals[] All = [new("all at once", _ => 0), new("5 a second", n => n / 5.0)];
}
