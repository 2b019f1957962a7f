using System.IO.Compression;

namespace MidJourney.Downloads;

/// <summary>Decodes the body of a response that a host encoded (<c>Content-Encoding</c>) although the request asked for no encoding, as caches and file stores do.</summary>
internal static class ContentEncoding
{
    public static bool IsEncoded(HttpContent content) => EncodingsOf(content).Any();

    /// <summary>The decoded file. If the header is wrong, the body stays as it is: the bytes decide.</summary>
    public static async Task<Stream> DecodeAsync(Stream body, HttpContent content, CancellationToken cancellationToken)
    {
        foreach (var encoding in EncodingsOf(content).Reverse())
        {
            var start = new byte[FileKind.HeaderLength];
            var count = await body.FillAsync(start, null, cancellationToken).ConfigureAwait(false);
            body = Decode(new PeekedStream(start, count, body), start.AsSpan(0, count), encoding.ToLowerInvariant());
        }
        return body;
    }

    private static Stream Decode(PeekedStream body, ReadOnlySpan<byte> start, string encoding)
    {
        var (first, second) = start.Length < 2 ? (0, 0) : (start[0], start[1]);
        switch (encoding)
        {
            case "gzip" or "x-gzip":
                return (first, second) == (0x1f, 0x8b) ? new GZipStream(body, CompressionMode.Decompress) : body;
            case "deflate":
                // The standard means zlib's format, but some servers send the deflated data without zlib's header.
                var hasHeader = (first & 0x0f) == 8 && ((first << 8) | second) % 31 == 0;
                if (hasHeader) body.Position += 2;
                return hasHeader || FileKind.ExtensionOf(start) is null ? new DeflateStream(body, CompressionMode.Decompress) : body;
#if NET
            case "br":
                return FileKind.ExtensionOf(start) is null ? new BrotliStream(body, CompressionMode.Decompress) : body;
#endif
            default:
                return body;
        }
    }

    private static IEnumerable<string> EncodingsOf(HttpContent content) =>
        content.Headers.ContentEncoding.Where(e => e.Length > 0 && !string.Equals(e, "identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>A stream whose first bytes have been read ahead.</summary>
    private sealed class PeekedStream(byte[] start, int count, Stream rest) : MemoryStream(start, 0, count)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => Position < Length ? base.Read(buffer, offset, count) : rest.Read(buffer, offset, count);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Position < Length ? base.ReadAsync(buffer, offset, count, cancellationToken) : rest.ReadAsync(buffer, offset, count, cancellationToken);

#if NET
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : rest.ReadAsync(buffer, cancellationToken);
#endif

        protected override void Dispose(bool disposing)
        {
            if (disposing) rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
