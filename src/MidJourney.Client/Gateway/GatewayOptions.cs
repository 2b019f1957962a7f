using System.Net;
using MidJourney.Journal;
using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>How to reach the gateway and how hard to lean on it.</summary>
internal sealed record GatewayOptions
{
    /// <summary>The provider's own address (contract: base URI).</summary>
    public static readonly Uri DefaultBaseUri = new("https://cloud.vtrix.ai");

    /// <summary>Where the gateway is; may carry a path, with or without a slash at its end.</summary>
    public Uri BaseUri { get; init; } = DefaultBaseUri;

    /// <summary>Requests in flight at once, 1 or more.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Requests a second at most; 0 for no cap.</summary>
    public double MaxRequestsPerSecond { get; init; }

    /// <summary>The time one request may take, from connecting to the last byte of its answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long throttled requests (429; for reads also 503 with Retry-After) are repeated while none gets through.</summary>
    public TimeSpan RetryTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The proxy to use; null for the system's.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Where creates are written down; null for nowhere.</summary>
    public TaskJournal? Journal { get; init; }

    /// <summary>Whether a journal that cannot be used is an error, because it was asked for by name.</summary>
    public bool IsJournalRequired { get; init; }

    /// <summary>For how long work counts as just paid, so that it is not paid again.</summary>
    public TimeSpan DuplicateWindow { get; init; } = DuplicatePolicy.DefaultWindow;

    /// <summary>The account's name; null for a fingerprint of the key.</summary>
    public string? Account { get; init; }

    /// <summary>What the module calls itself to the gateway.</summary>
    public string UserAgent { get; init; } = $"MidJourney-PowerShell/{typeof(GatewayOptions).Assembly.GetName().Version?.ToString(3)}";
}

/// <summary>The contract's addresses below a base URI, which may carry a path with or without a slash at its end.</summary>
internal sealed class GatewayUris
{
    private readonly string _generation;

    public GatewayUris(Uri baseUri)
    {
        _generation = baseUri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/model/v1/generation";
        Create = new Uri(_generation);
    }

    /// <summary>Where tasks are created.</summary>
    public Uri Create { get; }

    /// <summary>Where a task is read. Whatever the id holds, it stays one segment of the path.</summary>
    public Uri Task(string id) => new($"{_generation}/task/{Uri.EscapeDataString(WireId.Unescape(id))}");

    /// <summary>The id of the task whose own address a <c>Location</c> is; null when it is none.</summary>
    /// <param name="location">As it came.</param>
    /// <param name="baseUri">The gateway.</param>
    /// <param name="key">Hides the key, should it be in the id.</param>
    /// <returns>The id, and whether the address is at the gateway itself; elsewhere only the whole path of a task is believed to be one.</returns>
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
