using MidJourney.Json;

namespace MidJourney.Gateway;

internal sealed class GatewayResponse
{
    public required int Status { get; init; }

    /// <summary>The body, or the part that arrived.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Removes the key from what is shown of the response.</summary>
    public KeyRedactor Key { get; init; } = KeyRedactor.None;

    public string? ContentType { get; init; }

    /// <summary>The target of a redirect, or the address of the created task.</summary>
    public Uri? Location { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When it was made, by the clock of the one that made it; null if it does not say.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Why the body is incomplete; null if it is complete.</summary>
    public Exception? BodyFault { get; init; }

    /// <summary>The address as it may be shown; null if it is only a path or contains the key, which is lower-cased in a host name.</summary>
    public Uri? ShownLocation => Location is { IsAbsoluteUri: true } location && Key.Redact(location.OriginalString) == location.OriginalString ? location : null;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The gateway has not accepted the request. A 503 does not prove that: a cache also sends it if the gateway died after accepting.</summary>
    public bool IsThrottled => Status == 429;

    /// <summary>The gateway asks for fewer requests. Whether it accepted this one: <see cref="IsThrottled"/>.</summary>
    public bool AsksToSlowDown => IsThrottled || (Status == 503 && RetryAfter is not null);

    /// <summary>A read may succeed a little later.</summary>
    public bool IsTransient => Status is 408 or 429 or >= 500;
}

/// <summary>Reads a body up to a limit, and keeps what arrived if it breaks off.</summary>
internal static class BoundedBody
{
    /// <summary>Bytes after decompression; far more than any response of this gateway.</summary>
    public const int Limit = 16 * 1024 * 1024;

    private const int InitialSize = 2048;

    /// <returns>The bytes, and why they are incomplete.</returns>
    public static async Task<(ReadOnlyMemory<byte> Body, Exception? Fault)> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[content.Headers.ContentLength is { } length and > 0 and <= Limit ? (int)length + 1 : InitialSize];
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
