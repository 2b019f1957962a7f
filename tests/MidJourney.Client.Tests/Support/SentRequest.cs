namespace MidJourney.Client.Tests;

/// <summary>A request as it reached the fake transport.</summary>
internal sealed class SentRequest
{
    public required HttpMethod Method { get; init; }

    public required Uri Uri { get; init; }

    public required string? Authorization { get; init; }

    public required string? ContentType { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The bytes, once the transport has asked for them.</summary>
    public byte[]? Body { get; set; }
}
