using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>An answer as it came off the wire.</summary>
internal sealed class GatewayResponse
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

    /// <summary>An address as it may be shown; null for a path, or where it holds the key, which a host has in lower case.</summary>
    public Uri? ShownLocation => Location is { IsAbsoluteUri: true } location && Key.Redact(location.OriginalString) == location.OriginalString ? location : null;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The gateway has not taken the request. A 503 does not say so: a cache answers it as well when the gateway died after taking the request.</summary>
    public bool IsThrottled => Status == 429;

    /// <summary>The gateway asks for fewer requests; what it did with this one is for <see cref="IsThrottled"/> to say.</summary>
    public bool AsksToSlowDown => IsThrottled || (Status == 503 && RetryAfter is not null);

    /// <summary>A read that may do better in a moment.</summary>
    public bool IsTransient => Status is 408 or 429 or >= 500;
}

/// <summary>Reads a body up to a limit, and keeps what arrived when it breaks off.</summary>
internal static class BoundedBody
{
    /// <summary>Bytes, after decompression; no answer of this gateway comes near it.</summary>
    public const int Limit = 16 * 1024 * 1024;

    private const int FirstSize = 2048;

    /// <returns>The bytes, and what broke them off, if anything did.</returns>
    public static async Task<(ReadOnlyMemory<byte> Body, Exception? Fault)> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[content.Headers.ContentLength is { } length and > 0 and <= Limit ? (int)length + 1 : FirstSize];
        var count = 0;
        try
        {
#if NET
            using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
            using var stream = await content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
            while (true)
            {
                if (count == buffer.Length) Array.Resize(ref buffer, Math.Min(Limit + 1, buffer.Length * 2));
#if NET
                var read = await stream.ReadAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
#else
                var read = await stream.ReadAsync(buffer, count, buffer.Length - count, cancellationToken).ConfigureAwait(false);
#endif
                if (read == 0) return (buffer.AsMemory(0, count), null);
                count += read;
                if (count > Limit) return (buffer.AsMemory(0, Limit), WireFault.TooLong(Limit));
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException or InvalidDataException or System.Net.WebException)
        {
            return (buffer.AsMemory(0, count), e);
        }
    }
}
