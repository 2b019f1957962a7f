using System.IO.Compression;

namespace MidJourney.Downloads;

/// <summary>Undoes <c>Content-Encoding</c> where a host encodes although it was asked not to, as caches and stores do.</summary>
internal static class ContentCoding
{
    /// <summary>Whether a body is not the file itself.</summary>
    public static bool IsEncoded(HttpContent content) => content.Headers.ContentEncoding.Any(c => !IsPlain(c));

    /// <summary>The file of a body. What only says that it is encoded stays what it is: the bytes decide.</summary>
    public static async Task<Stream> DecodeAsync(Stream body, HttpContent content, CancellationToken cancellationToken)
    {
        foreach (var coding in content.Headers.ContentEncoding.Where(c => !IsPlain(c)).Reverse())
        {
            var start = await StartedStream.OfAsync(body, FileKind.BytesToTell, cancellationToken).ConfigureAwait(false);
            body = Decode(start, coding.ToLowerInvariant());
        }
        return body;
    }

    private static Stream Decode(StartedStream body, string coding)
    {
        var (first, second) = body.Start.Length < 2 ? (0, 0) : (body.Start[0], body.Start[1]);
        switch (coding)
        {
            case "gzip" or "x-gzip":
                return (first, second) == (0x1f, 0x8b) ? new GZipStream(body, CompressionMode.Decompress) : body;
            case "deflate":
                // It means zlib's frame, but some send what is inside it.
                var hasFrame = (first & 0x0f) == 8 && ((first << 8) | second) % 31 == 0;
                if (hasFrame) body.Skip(2);
                return hasFrame || FileKind.ExtensionOf(body.Start) is null ? new DeflateStream(body, CompressionMode.Decompress) : body;
#if NET
            case "br":
                return FileKind.ExtensionOf(body.Start) is null ? new BrotliStream(body, CompressionMode.Decompress) : body;
#endif
            default:
                return body;
        }
    }

    private static bool IsPlain(string coding) => string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase) || coding.Length == 0;

    /// <summary>A stream whose first bytes have been read ahead.</summary>
    private sealed class StartedStream(Stream rest, byte[] start) : Stream
    {
        private int _at;

        public byte[] Start => start;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public static async Task<StartedStream> OfAsync(Stream stream, int count, CancellationToken cancellationToken)
        {
            var start = new byte[count];
            var have = 0;
            while (have < count)
            {
#if NET
                var read = await stream.ReadAsync(start.AsMemory(have), cancellationToken).ConfigureAwait(false);
#else
                var read = await stream.ReadAsync(start, have, count - have, cancellationToken).ConfigureAwait(false);
#endif
                if (read == 0) break;
                have += read;
            }
            return new StartedStream(stream, start.AsSpan(0, have).ToArray());
        }

        public void Skip(int count) => _at += count;

        public override int Read(byte[] buffer, int offset, int count) => TakeStart(buffer.AsSpan(offset, count)) is > 0 and var taken ? taken : rest.Read(buffer, offset, count);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            TakeStart(buffer.AsSpan(offset, count)) is > 0 and var taken ? Task.FromResult(taken) : rest.ReadAsync(buffer, offset, count, cancellationToken);

#if NET
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            TakeStart(buffer.Span) is > 0 and var taken ? new(taken) : rest.ReadAsync(buffer, cancellationToken);
#endif

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) rest.Dispose();
            base.Dispose(disposing);
        }

        private int TakeStart(Span<byte> target)
        {
            var count = Math.Min(target.Length, start.Length - _at);
            if (count <= 0) return 0;
            start.AsSpan(_at, count).CopyTo(target);
            _at += count;
            return count;
        }
    }
}
