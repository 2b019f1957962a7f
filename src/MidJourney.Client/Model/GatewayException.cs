namespace MidJourney;

/// <summary>A request that did not give what was asked for, and why.</summary>
public sealed class GatewayException : Exception
{
    /// <summary>What went wrong.</summary>
    /// <param name="kind">The kind of failure.</param>
    /// <param name="message">What happened, in one sentence, without the key.</param>
    /// <param name="inner">The transport's exception, if there was one.</param>
    public GatewayException(GatewayErrorKind kind, string message, Exception? inner = null) : base(message, inner) => Kind = kind;

    /// <summary>The kind of failure.</summary>
    public GatewayErrorKind Kind { get; }

    /// <summary>The gateway's code and text; null when it gave none.</summary>
    public MJError? Error { get; init; }

    /// <summary>The answer's HTTP status; null when there was no answer.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How long the gateway asked to wait; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed a little later. Only reads are repeated for that reason alone.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether a task was only read: whatever went wrong, it goes on, and nothing was paid for the request.</summary>
    public bool IsRead { get; init; }

    /// <summary>The id of a task that was probably made although its create failed; null when none is known.</summary>
    public string? ProbableTaskId { get; init; }

    /// <summary>Names the create in the journal, where its outcome is not known.</summary>
    internal string? SubmissionId { get; set; }
}

/// <summary>Everything that can go wrong between this module and the gateway. The error id is <c>MJ.</c> and the name.</summary>
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

    /// <summary>A parameter is not what its model takes; nothing was sent. The message names it.</summary>
    InvalidParameter,

    /// <summary>Contract code 8004005098: the generation process failed.</summary>
    GenerationFailed,

    /// <summary>Contract code 8004005099: the provider is unavailable.</summary>
    ProviderUnavailable,

    /// <summary>The task ended without a result, for a reason that has no name of its own.</summary>
    TaskFailed,

    /// <summary>Contract code 110001, or the words for it: moderation refused the prompt, the image or the result. The same work is not made again unless that is forced.</summary>
    ContentRefused,

    /// <summary>The gateway refused the request, with a code that has no name of its own.</summary>
    GatewayRefused,

    /// <summary>HTTP 401: the API key is missing or invalid.</summary>
    Unauthorized,

    /// <summary>HTTP 402, or 403 with a text about money: the balance is too low.</summary>
    InsufficientBalance,

    /// <summary>HTTP 403: the key may not do this.</summary>
    Forbidden,

    /// <summary>HTTP 407: the proxy does not accept its user, or wants one. Nothing was sent to the gateway.</summary>
    ProxyAuthenticationRequired,

    /// <summary>HTTP 404 for a task: there is none of that id, or it is too old.</summary>
    TaskNotFound,

    /// <summary>HTTP 404 for a create: the base URI does not lead to the gateway.</summary>
    EndpointNotFound,

    /// <summary>HTTP 429, for longer than was allowed.</summary>
    RateLimited,

    /// <summary>HTTP 5xx on a read, for longer than was allowed.</summary>
    ServerError,

    /// <summary>No connection could be made, so nothing was sent; or a read was cut off, again and again.</summary>
    ConnectionFailed,

    /// <summary>A read was not answered in time, again and again.</summary>
    RequestTimedOut,

    /// <summary>The answer is not what the contract says: not JSON, no task in it, or far too long.</summary>
    InvalidResponse,

    /// <summary>HTTP 3xx: redirects are never followed, because the key would go along.</summary>
    UnexpectedRedirect,

    /// <summary>A create may or may not have been made, and paid: its answer was lost.</summary>
    SubmitOutcomeUnknown,

    /// <summary>The task had not ended when the time to wait for it was over.</summary>
    WaitTimeout,

    /// <summary>The journal cannot be read, so it cannot be told what was created before.</summary>
    JournalUnavailable,

    /// <summary>A result could not be downloaded, again and again.</summary>
    DownloadFailed,

    /// <summary>A result's host has it no more, or does not give it out: HTTP 401, 403, 404 or 410.</summary>
    OutputGone,

    /// <summary>What was downloaded is no image or video, or far too long.</summary>
    InvalidOutput,

    /// <summary>A file could not be written.</summary>
    FileNotWritten,

    /// <summary>Something that this module does not foresee went wrong with one task.</summary>
    Unexpected,
}

/// <summary>The client was disposed, so it sends no more requests: for a cmdlet, its session was removed.</summary>
public sealed class ClientDisposedException : ObjectDisposedException
{
    /// <summary>The client was disposed.</summary>
    public ClientDisposedException() : base("GatewayClient")
    {
    }
}
