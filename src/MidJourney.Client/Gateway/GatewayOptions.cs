using System.Net;

namespace MidJourney;

/// <summary>How to reach the gateway and how hard to lean on it.</summary>
public sealed record GatewayOptions
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
