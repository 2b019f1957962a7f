using System.Globalization;
using System.Net;

namespace MidJourney.Downloads;

/// <summary>A file that is being downloaded. It has a temporary name, and is deleted unless it is completed.</summary>
internal sealed class PartFile(DownloadTarget target) : IDisposable
{
    private const int MaxOpenTries = 10;

    private string? _path;
    private FileStream? _file;
    private string? _mediaType;
    private long? _total;

    /// <summary>The bytes received so far.</summary>
    public long Length { get; private set; }

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
        // For encoded content, neither the file's length nor the start of a range is known.
        _total = !isEncoded && response.Content.Headers.ContentLength is { } length ? Length + length : null;
        if (_total > target.MaxBytes) throw Invalid(ClientMessages.OutputTooLong(target.MaxBytes));
        Validator = isEncoded ? null : ValidatorOf(response);
    }

    public void Write(byte[] buffer, int count)
    {
        if (Length == 0) Identify(buffer.AsSpan(0, Math.Min(count, FileKind.HeaderLength)));
        if (Length + count > target.MaxBytes) throw Invalid(ClientMessages.OutputTooLong(target.MaxBytes));
        try
        {
            _file ??= Open();
            _file.Write(buffer, 0, count);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw NotWritten(e);
        }
        Length += count;
    }

    /// <summary>Gives the file its name, if it is complete.</summary>
    public async Task<DownloadedFile> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_total is { } total && Length != total)
            throw new GatewayException(GatewayErrorKind.DownloadFailed, ClientMessages.DownloadFailed(target.Url, ClientMessages.DownloadCutOff(Length, total))) { IsTransient = true };
        if (Length == 0) throw Invalid(ClientMessages.OutputEmpty());
        try
        {
            _file!.Flush();
            return await target.Folder.PlaceAsync(target, this, FileFacts.HashOf(_file), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw NotWritten(e);
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
        Length = 0;
        Validator = null;
        _file?.SetLength(0);
        _file?.Seek(0, SeekOrigin.Begin);
    }

    public void Dispose()
    {
        if (_path is null) return;
        _file?.Dispose();
        try { File.Delete(_path); }
        catch (Exception e) when (FileErrors.Is(e)) { }
    }

    /// <summary>Creates the file and keeps it locked, so that no other process deletes it as a leftover.</summary>
    private FileStream Open()
    {
        for (var tries = 1; ; tries++)
        {
            _path = WholeFile.NewPartPath(target.Folder.Path);
            try
            {
                var file = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1);
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
        ?? throw Invalid(FileKind.LooksLikePage(start) ? ClientMessages.OutputIsPage() : ClientMessages.OutputFormatUnknown(_mediaType));

    private bool Continues(HttpResponseMessage response) =>
        response.Content.Headers.ContentRange is { HasRange: true } range && range.From == Length && Length > 0;

    private static string? ValidatorOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);

    private GatewayException NotWritten(Exception e) =>
        new(GatewayErrorKind.FileNotWritten, ClientMessages.FileNotWritten(Path.Combine(target.Folder.Path, target.Name + Extension), e.Message), e);

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
