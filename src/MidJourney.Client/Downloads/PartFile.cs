using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;

namespace MidJourney.Downloads;

/// <summary>A file that is being downloaded. It has a temporary name, and is deleted unless it is completed.</summary>
internal sealed class PartFile(DownloadTarget target) : IDisposable
{
    private const int MaxOpenTries = 10;

    // Reading the file again would cost more than hashing it.
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string? _path;
    private FileStream? _file;
    private string? _mediaType;
    private bool _mayBeCutOff;

    /// <summary>The bytes received so far. Only the run sets it.</summary>
    public long Length { get; internal set; }

    /// <summary>The length of the complete file; null if unknown. Only the run sets it.</summary>
    public long? Total { get; internal set; }

    /// <summary>The bytes that are known to come.</summary>
    public long Missing => Math.Max(0, Total - Length ?? 0);

    /// <summary>How much of the file has arrived, from 0 to 1; 0 if unknown.</summary>
    public double Part => Total > 0 ? Math.Min(1, (double)Length / Total.Value) : 0;

    /// <summary>Identifies the version of the host's file; null if the download cannot be resumed.</summary>
    public string? Validator { get; private set; }

    /// <summary>By content, with its dot.</summary>
    public string Extension { get; private set; } = "";

    /// <summary>Begins to receive a response, or continues with the rest of the file.</summary>
    public void Begin(HttpResponseMessage response)
    {
        var isEncoded = ContentEncoding.IsEncoded(response.Content);
        if (response.StatusCode != HttpStatusCode.PartialContent) Restart();
        else if (isEncoded || !Continues(response))
        {
            Restart();
            throw new GatewayException(GatewayErrorKind.DownloadFailed, ClientMessages.DownloadFailed(target.Url, ClientMessages.DownloadRangeMismatch())) { IsTransient = true };
        }
        _mediaType = response.Content.Headers.ContentType?.MediaType;
        // Neither the end of a connection nor that of compressed data shows whether the file is complete.
        _mayBeCutOff = isEncoded || (response.Content.Headers.ContentLength is null && response.Headers.TransferEncodingChunked != true);
        // For encoded content, neither the file's length nor the start of a range is known.
        var total = !isEncoded && response.Content.Headers.ContentLength is { } length ? Length + length : (long?)null;
        if (total > target.MaxBytes) throw TooLong();
        if (target.Run.Begin(this, total, target.Folder.Path) is { } noRoom) throw NotWritten(noRoom, null);
        Validator = isEncoded ? null : ValidatorOf(response);
    }

    public void Write(byte[] buffer, int count)
    {
        if (Length == 0) Identify(buffer.AsSpan(0, Math.Min(count, FileKind.HeaderLength)));
        if (Length + count > target.MaxBytes) throw TooLong();
        try
        {
            _file ??= Open();
            _file.Write(buffer, 0, count);
            _hash.AppendData(buffer, 0, count);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw NotWritten(e.Message, e);
        }
        target.Run.Received(this, count);
    }

    /// <summary>Gives the file its name, if it is complete.</summary>
    public async Task<DownloadedFile> CompleteAsync(CancellationToken cancellationToken)
    {
        if (Total is { } total && Length != total)
            throw new GatewayException(GatewayErrorKind.DownloadFailed, ClientMessages.DownloadFailed(target.Url, ClientMessages.DownloadCutOff(Length, total))) { IsTransient = true };
        if (Length == 0) throw Invalid(ClientMessages.OutputEmpty());
        try
        {
            _file!.Flush();
            if (_mayBeCutOff && FileKind.EndOf(_file).IsWhole == false)
                throw new GatewayException(GatewayErrorKind.DownloadFailed, ClientMessages.DownloadFailed(target.Url, ClientMessages.DownloadNotWhole())) { IsTransient = true };
            return await target.Folder.PlaceAsync(target, this, FrameworkCompat.ToHex(_hash.GetHashAndReset()), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw NotWritten(e.Message, e);
        }
    }

    /// <summary>Closes the file, so that it can be moved.</summary>
    /// <returns>Its path.</returns>
    public string Release()
    {
        _file!.Dispose();
        return _path!;
    }

    public void Restart()
    {
        target.Run.Restart(this);
        Validator = null;
        _ = _hash.GetHashAndReset();
        _file?.SetLength(0);
        _file?.Seek(0, SeekOrigin.Begin);
    }

    public void Dispose()
    {
        target.Run.End(this);
        _hash.Dispose();
        if (_path is null) return;
        _file?.Dispose();
        try { File.Delete(_path); }
        catch (Exception e) when (FileErrors.Is(e)) { }
    }

#if NET
    /// <summary>With room for the whole file: without it, ext4 writes a file to the disk as soon as it replaces the one that claimed its name.</summary>
    private FileStream Create(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1, PreallocationSize = Missing });
#else
    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1);
#endif

    /// <summary>Creates the file and keeps it locked, so that no other process deletes it as a leftover.</summary>
    private FileStream Open()
    {
        for (var tries = 1; ; tries++)
        {
            _path = WholeFile.NewPartPath(target.Folder.Path);
            try
            {
                var file = Create(_path);
                if (File.Exists(_path)) return file;
                // Another process deleted it between creation and locking.
                file.Dispose();
            }
            catch (IOException e) when (WholeFile.IsLocked(e) && tries < MaxOpenTries)
            {
            }
        }
    }

    private void Identify(ReadOnlySpan<byte> start) => Extension = FileKind.ExtensionOf(start)
        ?? throw Invalid(FileKind.LooksLikeText(start) ? ClientMessages.OutputIsText() : ClientMessages.OutputFormatUnknown(_mediaType));

    private bool Continues(HttpResponseMessage response) =>
        response.Content.Headers.ContentRange is { HasRange: true } range && range.From == Length && Length > 0;

    private static string? ValidatorOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);

    private GatewayException NotWritten(string cause, Exception? inner) =>
        new(GatewayErrorKind.FileNotWritten, ClientMessages.FileNotWritten(Path.Combine(target.Folder.Path, target.Name + Extension), cause), inner);

    private GatewayException TooLong() => new(GatewayErrorKind.InvalidOutput, ClientMessages.OutputTooLong(target.Url, target.MaxBytes));

    private GatewayException Invalid(string why) => new(GatewayErrorKind.InvalidOutput, ClientMessages.InvalidOutput(target.Url, why));
}

/// <summary>Writes files under a temporary name, so that an incomplete file never has the final name.</summary>
internal static class WholeFile
{
    public const string PartExtension = ".partial";

    public static string NewPartPath(string folder) => Path.Combine(folder, $".{Guid.NewGuid():N}{PartExtension}");

    /// <summary>Writes or replaces a file.</summary>
    public static void Write(string path, Func<Stream, bool> write)
    {
        var part = NewPartPath(Path.GetDirectoryName(path)!);
        try
        {
            // On .NET it stays open until it has its name: another process would delete a part that is not open as a leftover.
            using var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
            if (!write(stream)) return;
            stream.Flush();
#if !NET
            stream.Dispose();
#endif
            Move(part, path);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Renames a file, and replaces the file that has the new name.</summary>
    public static void Move(string from, string to)
    {
#if NET
        File.Move(from, to, overwrite: true);
#else
        if (File.Exists(to)) File.Replace(from, to, null);
        else File.Move(from, to);
#endif
    }

    /// <summary>True if another process has the file open: sharing and lock violations of Windows, EAGAIN of Linux and of macOS.</summary>
    public static bool IsLocked(IOException e) => e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;
}

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
            body = Decode(new PeekedStream(start, count, body), start.AsSpan(0, count), encoding);
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

    /// <summary>Also of a header that is not quite valid, such as <c>gzip;q=1</c>.</summary>
    private static IEnumerable<string> EncodingsOf(HttpContent content) => !content.Headers.TryGetValues("Content-Encoding", out var values) ? []
        : values.SelectMany(v => v.Split(',')).Select(v => v.Split(';')[0].Trim(' ', '\t', '"').ToLowerInvariant()).Where(e => e is not ("" or "identity"));

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
