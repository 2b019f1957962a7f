namespace MidJourney;

/// <summary>What the tasks of one kind would cost.</summary>
public sealed class MJEstimate
{
    /// <summary>The price is the gateway's estimate: a mean of earlier tasks with similar parameters.</summary>
    public const string FromGateway = "Gateway";

    /// <summary>The price is the median of the last 100 completed tasks of this kind in the journal.</summary>
    public const string FromJournal = "Journal";

    /// <summary>The price is not known.</summary>
    public const string NotKnown = "Unknown";

    /// <summary>The gateway's model.</summary>
    public required string Model { get; init; }

    /// <summary>What else the price depends on, such as <c>Creative</c> or <c>--v 7</c>; null if there is nothing.</summary>
    public string? Type { get; init; }

    /// <summary>The number of tasks that would be created and billed.</summary>
    public int Count { get; init; }

    /// <summary>The price per task, in <see cref="Currency"/>; null if it is not known.</summary>
    public decimal? UnitCost { get; init; }

    /// <summary><see cref="UnitCost"/> times <see cref="Count"/>; null if it is not known.</summary>
    public decimal? Cost => UnitCost * Count;

    /// <summary><c>USD</c>, <c>credit</c> or another name that the gateway uses; null if the price is not known.</summary>
    public string? Currency { get; init; }

    /// <summary>Where the price is from: <c>Gateway</c>, <c>Journal</c> or <c>Unknown</c>.</summary>
    public required string Source { get; init; }

    /// <summary>How many earlier tasks the price is taken from; 0 if that is not known.</summary>
    public int Samples { get; init; }

    /// <summary>The number of tasks, their kind and their cost.</summary>
    public override string ToString() =>
        $"{Count} × {Model}{(Type is null ? "" : " " + Type)}: {(Cost is { } cost ? Money.About(cost, Currency) : "price unknown")}";
}
