namespace MidJourney;

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
