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
