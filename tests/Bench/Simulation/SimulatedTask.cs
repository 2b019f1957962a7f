namespace MidJourney.Bench.Simulation;

/// <summary>A task of the simulated gateway.</summary>
internal sealed class SimulatedTask
{
    public required int Number { get; init; }

    public required double Made { get; init; }

    public required double Duration { get; init; }

    public double Ends => Made + Duration;

    /// <summary>When the client saw that it had ended.</summary>
    public double Seen { get; set; }

    public int Polls { get; set; }
}
