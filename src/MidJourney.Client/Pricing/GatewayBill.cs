using System.Text;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Pricing;

/// <summary>What the gateway billed in a period, page by page.</summary>
internal sealed class GatewayBill
{
    /// <summary>A page holds this many models, more than a gateway has.</summary>
    public const int PageSize = 100;

    /// <summary>No gateway has as many models; a server may state any number of pages.</summary>
    private const int MaxPages = 20;

    private readonly Dictionary<(string Model, string Currency), Billed> _models = [];
    private readonly HashSet<string> _seen = [];
    private int _pages;

    /// <summary>Why the gateway offers no bill; null if it does.</summary>
    public string? NotOffered { get; private set; }

    /// <summary>Whether all pages were read.</summary>
    public bool IsComplete { get; private set; } = true;

    public bool HasNextPage { get; private set; }

    /// <summary>The number of the page to read next, from 1.</summary>
    public int NextPage => _pages + 1;

    /// <summary>What was billed, by model and currency.</summary>
    public IEnumerable<Billed> Models => _models.Values;

    /// <summary>What was billed for all models; null if the gateway does not say.</summary>
    public Billed? Total { get; private set; }

    public void Add(BillPage page)
    {
        _pages++;
        HasNextPage = false;
        if (_pages == 1) (NotOffered, Total) = (page.NotOffered, page.Total);
        // A server that repeats a page would do so for ever.
        if ((page.NotOffered is not null && _pages > 1) || (page.Models.Count > 0 && !_seen.Add(page.Text)))
        {
            IsComplete = false;
            return;
        }
        foreach (var billed in page.Models)
        {
            var name = (billed.Model, billed.Currency);
            _models[name] = _models.TryGetValue(name, out var other) ? other + billed : billed;
        }
        // A total without its parts.
        if (_models.Count == 0 && Total is { Requests: not 0 } or { Cost: not 0 }) IsComplete = false;
        if (page.Models.Count == 0 || page.Pages <= _pages) return;
        HasNextPage = _pages < MaxPages;
        IsComplete = HasNextPage;
    }
}

/// <summary>What was billed for a model. A number is null if the gateway gives none, or something that is not an amount; a sum with it is null, too.</summary>
/// <param name="Model">The gateway's model group; empty if it has no name.</param>
/// <param name="Requests">The number of billed requests.</param>
/// <param name="Cost">After the discount.</param>
/// <param name="ListCost">Before the discount.</param>
/// <param name="Currency">Of both costs.</param>
internal sealed record Billed(string Model, long? Requests, decimal? Cost, decimal? ListCost, string Currency)
{
    public static Billed operator +(Billed one, Billed other) =>
        one with { Requests = one.Requests + other.Requests, Cost = one.Cost + other.Cost, ListCost = one.ListCost + other.ListCost };
}

/// <summary>A page of the bill (contract: bill).</summary>
internal sealed class BillPage
{
    public string? NotOffered { get; init; }

    public IReadOnlyList<Billed> Models { get; private init; } = [];

    public Billed? Total { get; private init; }

    /// <summary>How many pages there are, as the gateway states it.</summary>
    public decimal Pages { get; private init; } = 1;

    /// <summary>The models as they came, to recognize the page.</summary>
    public string Text { get; private init; } = "";

    /// <returns>Null if the body is not a bill.</returns>
    public static BillPage? TryRead(ReadOnlyMemory<byte> body, KeyRedactor key)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(JsonText.Decode(body)), WireTask.Lenient);
            var data = WireTask.Field(JsonElement.ParseValue(ref reader), "data");
            var (summary, page) = (WireTask.Field(data, "summary"), WireTask.Field(data, "items"));
            if (summary.ValueKind != JsonValueKind.Object && page.ValueKind != JsonValueKind.Object) return null;
            var currency = CurrencyOf(summary, key, Money.Usd);
            var items = WireTask.Field(page, "items");
            return new BillPage
            {
                Models = items.ValueKind != JsonValueKind.Array ? []
                    : [.. items.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object).Select(i => Read(i, key, currency))],
                Total = summary.ValueKind == JsonValueKind.Object ? Read(summary, key, currency) : null,
                Pages = PlainJson.Decimal(WireTask.Field(page, "total_pages")) ?? 1,
                Text = items.ValueKind == JsonValueKind.Array ? items.GetRawText() : "",
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="item">A model, or the summary.</param>
    /// <param name="key">Hides the key.</param>
    /// <param name="currency">The bill's, where the item names none; null if it cannot be read, so that no amount is known.</param>
    private static Billed Read(JsonElement item, KeyRedactor key, string? currency)
    {
        var own = CurrencyOf(item, key, currency);
        JsonElement Field(string name) =>
            WireTask.Field(item, name) is var field && PlainJson.Text(field) is { } text && key.Redact(text) == text ? field : default;
        decimal? Amount(string name) => own is null ? null : WirePrice.Amount(Field(name));
        // A discounted cost that is there, but is not an amount, is not replaced by the full one.
        var hasDiscounted = WireTask.Field(item, "discount_total_cost").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        return new Billed(
            PlainJson.Text(WireTask.Field(item, "model_group")) is { } name ? SafeText.Message(key.Redact(name)) : "",
            PlainJson.Decimal(Field("total_requests")) is >= 0 and <= int.MaxValue and var requests && requests % 1 == 0 ? (long)requests : null,
            Amount(hasDiscounted ? "discount_total_cost" : "total_cost"), Amount("total_cost"), own ?? Money.Usd);
    }

    private static string? CurrencyOf(JsonElement item, KeyRedactor key, string? otherwise)
    {
        var field = WireTask.Field(item, "currency");
        return field.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? otherwise : WirePrice.Currency(field, key);
    }
}
