namespace MidJourney.Bench.Processes;

/// <summary>What the emulator has counted.</summary>
internal sealed record Counts
{
    public long Creates { get; init; }

    public long TasksMade { get; init; }

    public long Reads { get; init; }

    public long TooManyRequests { get; init; }

    public int MaxInFlight { get; init; }

    /// <summary>Jobs of which more tasks than one were made.</summary>
    public int MadeTwice { get; init; }
}
