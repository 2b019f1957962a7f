namespace MidJourney;

/// <summary>Why a request failed.</summary>
public sealed class GatewayException : Exception
{
    /// <param name="kind">The kind of failure.</param>
    /// <param name="message">What happened, in one sentence, without the key.</param>
    /// <param name="inner">The transport's exception, if any.</param>
    public GatewayException(GatewayErrorKind kind, string message, Exception? inner = null) : base(message, inner) => Kind = kind;

    /// <summary>The kind of failure.</summary>
    public GatewayErrorKind Kind { get; }

    /// <summary>The gateway's code and text; null for none.</summary>
    public MJError? Error { get; init; }

    /// <summary>The HTTP status of the response; null without a response.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The Retry-After of the response; null for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed a little later. Only reads are retried for that reason alone.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether the request was a read: the task continues, and the request cost nothing.</summary>
    public bool IsRead { get; init; }

    /// <summary>The id of a task that probably exists although its create failed; null if unknown.</summary>
    public string? ProbableTaskId { get; init; }

    /// <summary>Whether TLS failed, such as because of the certificate: time alone does not end that.</summary>
    internal bool IsUntrusted { get; init; }

    /// <summary>Identifies the create in the journal if its outcome is unknown.</summary>
    internal string? SubmissionId { get; set; }
}

/// <summary>What can go wrong between this module and the gateway. The error id is <c>MJ.</c> and the name.</summary>
public enum GatewayErrorKind
{
    /// <summary>Contract code 8004005001.</summary>
    JobIdMissing,

    /// <summary>Contract code 8004005002.</summary>
    ImageNumberMissing,

    /// <summary>Contract code 8004005003.</summary>
    InvalidImageNumber,

    /// <summary>Contract code 8004005004.</summary>
    TypeMissing,

    /// <summary>Contract code 8004005005.</summary>
    InvalidType,

    /// <summary>Contract code 8004005006.</summary>
    InvalidCallbackUrl,

    /// <summary>A parameter is invalid for its model; nothing was sent. The message names the parameter.</summary>
    InvalidParameter,

    /// <summary>Contract code 8004005098: the generation failed.</summary>
    GenerationFailed,

    /// <summary>Contract code 8004005099: the provider is unavailable.</summary>
    ProviderUnavailable,

    /// <summary>The task failed for another reason.</summary>
    TaskFailed,

    /// <summary>Contract code 110001, or words to that effect: moderation refused the prompt, the image or the result. The same work is not submitted again without -Force.</summary>
    ContentRefused,

    /// <summary>The gateway refused the request for another reason.</summary>
    GatewayRefused,

    /// <summary>HTTP 401: the API key is missing or invalid.</summary>
    Unauthorized,

    /// <summary>HTTP 402, or 403 with a text about the balance: the balance is too low.</summary>
    InsufficientBalance,

    /// <summary>HTTP 403: the key may not do this.</summary>
    Forbidden,

    /// <summary>HTTP 407: the proxy requires a user, or rejects it. Nothing was sent to the gateway.</summary>
    ProxyAuthenticationRequired,

    /// <summary>HTTP 404 for a task: the id is unknown, or the task is too old.</summary>
    TaskNotFound,

    /// <summary>HTTP 404 for a create: the base URI is wrong.</summary>
    EndpointNotFound,

    /// <summary>HTTP 429 for longer than the retry timeout.</summary>
    RateLimited,

    /// <summary>HTTP 5xx on a read, repeatedly.</summary>
    ServerError,

    /// <summary>No connection was made, so nothing was sent; or a read was cut off, repeatedly.</summary>
    ConnectionFailed,

    /// <summary>A read got no response in time, repeatedly.</summary>
    RequestTimedOut,

    /// <summary>The response violates the contract: not JSON, without a task, or far too long.</summary>
    InvalidResponse,

    /// <summary>HTTP 3xx: redirects are never followed, because the key would be sent along.</summary>
    UnexpectedRedirect,

    /// <summary>The response to a create was lost, so the task may or may not exist and be paid.</summary>
    SubmitOutcomeUnknown,

    /// <summary>The task had not ended when the wait timed out.</summary>
    WaitTimeout,

    /// <summary>The journal cannot be read or written, so earlier work is unknown.</summary>
    JournalUnavailable,

    /// <summary>The session's limit on what it may spend has no room for the task; nothing was sent.</summary>
    BudgetExceeded,

    /// <summary>The session has a limit on what it may spend, and nothing is known about the price of the task; nothing was sent.</summary>
    PriceUnknown,

    /// <summary>A download failed repeatedly.</summary>
    DownloadFailed,

    /// <summary>The image link has expired: HTTP 401, 403, 404 or 410.</summary>
    OutputGone,

    /// <summary>The download is not an image or video, or far too long.</summary>
    InvalidOutput,

    /// <summary>A file could not be written.</summary>
    FileNotWritten,

    /// <summary>The port for callbacks could not be opened.</summary>
    ListenFailed,

    /// <summary>An unexpected error with one task.</summary>
    Unexpected,
}

/// <summary>The client sends no more requests, because its session was removed.</summary>
public sealed class ClientDisposedException : ObjectDisposedException
{
    /// <summary>Creates the exception.</summary>
    public ClientDisposedException() : base("GatewayClient")
    {
    }
}

/// <summary>The gateway's reason for a failed task or a refused request.</summary>
public sealed class MJError
{
    /// <summary>The code as received, including leading zeros; null for none.</summary>
    public string? Code { get; init; }

    /// <summary><see cref="Code"/> as a number, for comparisons; null if it is not a number.</summary>
    public long? Number { get; init; }

    /// <summary>The name of the code (<c>InvalidImageNumber</c> …); null for an unknown code.</summary>
    public string? Name { get; init; }

    /// <summary>The gateway's text; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>Code and text on one line.</summary>
    public override string ToString() => (Code, Message) switch
    {
        (null, null) => "no reason given",
        (null, _) => Message!,
        (_, null) => $"code {Code}",
        _ => $"{Message} (code {Code})",
    };
}
