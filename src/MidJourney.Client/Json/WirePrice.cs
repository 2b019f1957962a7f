using System.Text.Json;

namespace MidJourney.Json;

/// <summary>Prices from the gateway. One that is missing, not a number or negative, or whose currency cannot be read, is unknown; it is never 0.</summary>
internal static class WirePrice
{
    /// <summary>Far above any price of a task; larger numbers could not be added up.</summary>
    private const decimal Max = 1_000_000_000;

    private const int MaxCurrencyLength = 16;

    /// <returns>The amount; null if it is unknown.</returns>
    public static decimal? Amount(JsonElement element) => Check(PlainJson.Decimal(element));

    /// <returns>The amount if it can be a price; otherwise null.</returns>
    public static decimal? Check(decimal? amount) => amount is >= 0 and <= Max ? amount : null;

    /// <returns>The currency, US dollars if the gateway names none; null if it is not text, or contains the key.</returns>
    public static string? Currency(JsonElement element, KeyRedactor key) =>
        PlainJson.Text(element) is { } text && key.Redact(text) != text ? null : Currency(element);

    /// <returns>The currency, US dollars if the gateway names none; null if it is not text.</returns>
    public static string? Currency(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => Money.Usd,
        JsonValueKind.String => Currency(PlainJson.Text(element)),
        _ => null,
    };

    /// <inheritdoc cref="Currency(JsonElement)"/>
    public static string? Currency(string? text) => text?.Trim() switch
    {
        null or "" => Money.Usd,
        var name when name.Equals(Money.Usd, StringComparison.OrdinalIgnoreCase) => Money.Usd,
        var name when name.Equals("credit", StringComparison.OrdinalIgnoreCase) || name.Equals("credits", StringComparison.OrdinalIgnoreCase) => "credit",
        { Length: <= MaxCurrencyLength } name when SafeText.IsPrintable(name) => name,
        _ => null,
    };

    /// <summary>The cost in the <c>usage</c> of a task; null if it is unknown.</summary>
    /// <param name="task">The task as JSON.</param>
    public static (decimal Cost, string Currency)? OfTask(ReadOnlySpan<byte> task)
    {
        try
        {
            var reader = new Utf8JsonReader(task, new JsonReaderOptions { MaxDepth = 64 });
            if (task.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isUsage = reader.ValueTextEquals("usage"u8);
                reader.Read();
                if (!isUsage)
                {
                    reader.Skip();
                    continue;
                }
                var usage = JsonElement.ParseValue(ref reader);
                return Amount(WireTask.Field(usage, "cost")) is { } cost && Currency(WireTask.Field(usage, "currency")) is { } currency ? (cost, currency) : null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A line that nothing can be made of has no price.
        }
        return null;
    }
}
