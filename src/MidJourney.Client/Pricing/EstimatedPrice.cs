using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Pricing;

/// <summary>What the gateway expects a task to cost (contract: estimate).</summary>
/// <param name="Cost">The mean cost of earlier tasks with similar parameters.</param>
/// <param name="Currency">Its currency.</param>
/// <param name="Samples">Of how many tasks it is the mean; 0 if the gateway does not say.</param>
internal sealed record EstimatedPrice(decimal Cost, string Currency, int Samples)
{
    /// <summary>Reads the answer to an estimate.</summary>
    /// <param name="wire">The successful response.</param>
    /// <param name="price">The price; null if the gateway has none, such as with <c>COST_CACHE_MISS</c>.</param>
    /// <returns>Whether the response is such an answer.</returns>
    public static bool TryRead(WireTask wire, out EstimatedPrice? price)
    {
        price = null;
        var (cost, currency) = (wire["cost"], WirePrice.Currency(wire["currency"], wire.Key));
        if (TaskReader.StatusOf(PlainJson.Text(wire["status"])) == MJTaskStatus.Failed || cost.ValueKind == JsonValueKind.Null) return true;
        if (ErrorReader.ReadClear(wire) is not null || WirePrice.Amount(cost) is not { } amount || currency is null) return false;
        price = new EstimatedPrice(amount, currency, PlainJson.Decimal(wire["sample_count"]) is >= 0 and <= int.MaxValue and var samples ? (int)samples : 0);
        return true;
    }
}
