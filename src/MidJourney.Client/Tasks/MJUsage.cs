using System.Collections.ObjectModel;

namespace MidJourney;

/// <summary>What a task cost (contract: <c>usage</c>, present once completed).</summary>
public sealed class MJUsage
{
    /// <summary>US dollars; null when the gateway gave none or an empty text.</summary>
    public decimal? Cost { get; init; }

    /// <summary>As the gateway reports it; null when absent or not a number.</summary>
    public decimal? Discount { get; init; }

    /// <summary>Billed units; null when absent or not a number.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>US dollars a unit; null when absent or not a number.</summary>
    public decimal? UnitPrice { get; init; }

    /// <summary>Every other field of the wire's object, by its wire name.</summary>
    public ReadOnlyDictionary<string, object?> Additional { get; init; } = PlainJson.Empty;

    /// <summary>The cost.</summary>
    public override string ToString() => Cost is { } cost ? FormattableString.Invariant($"{cost} USD") : "no cost given";
}
