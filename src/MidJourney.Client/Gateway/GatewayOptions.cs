using System.Globalization;
using System.Net;
using MidJourney.Journal;
using MidJourney.Json;
using MidJourney.Pricing;

namespace MidJourney.Gateway;

/// <summary>Address, limits and journal of a client.</summary>
internal sealed record GatewayOptions
{
    /// <summary>The provider's address (contract: base URI).</summary>
    public static readonly Uri DefaultBaseUri = new("https://cloud.vtrix.ai");

    /// <summary>May have a path, with or without a trailing slash.</summary>
    public Uri BaseUri { get; init; } = DefaultBaseUri;

    /// <summary>Maximum requests in flight, 1 or more.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>0 for no limit.</summary>
    public double MaxRequestsPerSecond { get; init; }

    /// <summary>Time limit of one request, from connecting to the last byte of the response.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long throttled requests (429; for reads also 503 with Retry-After) are retried while none succeeds, and creates while the gateway cannot be reached.</summary>
    public TimeSpan RetryTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Null for the system's proxy.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>The record of creates; null for none.</summary>
    public TaskJournal? Journal { get; init; }

    /// <summary>Whether an unusable journal is an error, because its path was given explicitly.</summary>
    public bool IsJournalRequired { get; init; }

    /// <summary>How long paid work counts as recent, so that it is not paid again.</summary>
    public TimeSpan DuplicateWindow { get; init; } = DuplicatePolicy.DefaultWindow;

    /// <summary>What may be spent; null for no limit.</summary>
    public Budget? Budget { get; init; }

    /// <summary>Where the key came from, as in "$env:MIDJOURNEY_API_KEY", for the errors about it; null if it is not known.</summary>
    public string? KeySource { get; init; }

    /// <summary>Null for a fingerprint of the key.</summary>
    public string? Account { get; init; }

    public string UserAgent { get; init; } = $"MidJourney-PowerShell/{typeof(GatewayOptions).Assembly.GetName().Version?.ToString(3)}";
}

/// <summary>The contract's addresses below a base URI.</summary>
internal sealed class GatewayUris
{
    private readonly string _base;
    private readonly string _generation;

    public GatewayUris(Uri baseUri)
    {
        _base = baseUri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _generation = _base + "/model/v1/generation";
        Create = new Uri(_generation);
        Estimate = new Uri(_generation + "/precharge");
    }

    public Uri Create { get; }

    public Uri Estimate { get; }

    /// <summary>The id stays one segment of the path, whatever characters it contains.</summary>
    public Uri Task(string id) => new($"{_generation}/task/{Uri.EscapeDataString(WireId.Unescape(id))}");

    /// <summary>A page of the bill (contract: bill).</summary>
    public Uri Bill(DateTimeOffset start, DateTimeOffset end, int page, int pageSize)
    {
        static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return new(FormattableString.Invariant($"{_base}/monitor/api/v1/cost/billing?start={Time(start)}&end={Time(end)}&page={page}&page_size={pageSize}"));
    }

    /// <summary>The id of the task that a <c>Location</c> header points to; null for none.</summary>
    /// <returns>The id, and whether the address is at the gateway itself; elsewhere only the full path of a task counts.</returns>
    public static (string? Id, bool IsHere) TaskAt(Uri? location, Uri baseUri, KeyRedactor key)
    {
        if (location is null || !Uri.TryCreate(new GatewayUris(baseUri).Create, location, out var there)) return (null, true);
        var isHere = Uri.Compare(there, baseUri, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
        var parts = there.AbsolutePath.Split('/');
        var at = Array.LastIndexOf(parts, "task");
        if (at < 0 || at + 1 >= parts.Length || (!isHere && (at == 0 || parts[at - 1] != "generation"))) return (null, isHere);
        return (WireId.Read(Uri.UnescapeDataString(parts[at + 1]), key), isHere);
    }
}
