namespace MidJourney;

/// <summary>An answer as it came off the wire.</summary>
internal sealed class HttpAnswer
{
    public required int Status { get; init; }

    /// <summary>The body as it came, or as much of it as arrived.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Takes the key out of what is shown of the answer.</summary>
    public KeyRedactor Key { get; init; } = KeyRedactor.None;

    public string? ContentType { get; init; }

    /// <summary>Where a redirect leads, or what was made is; null where the answer does not say.</summary>
    public Uri? Location { get; init; }

    /// <summary>How long to wait before asking again; null when the answer does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What broke the body off; null when it is whole.</summary>
    public Exception? BodyFault { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The gateway has not taken the request. A 503 does not say so: a cache answers it as well when the gateway died after taking the request.</summary>
    public bool IsThrottled => Status == 429;

    /// <summary>The gateway asks for fewer requests; what it did with this one is for <see cref="IsThrottled"/> to say.</summary>
    public bool AsksToSlowDown => IsThrottled || (Status == 503 && RetryAfter is not null);

    /// <summary>A read that may do better in a moment.</summary>
    public bool IsTransient => Status is 408 or 429 or >= 500;
}
