using System.Globalization;
using System.Net;

namespace MidJourney.Downloads;

/// <summary>A file on its way: it has another name until it is complete, and is gone when it is not.</summary>
internal sealed class PartFile(DownloadTarget target) : IDisposable
{
    private const int MostOpenTries = 10;

    private string? _path;
    private FileStream? _file;
    private string? _mediaType;
    private long? _total;

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>What tells whether the host's file is still the same; null when it cannot be resumed.</summary>
    public string? Validator { get; private set; }

    /// <summary>What it is, with a dot.</summary>
    public string Extension { get; private set; } = "";

    /// <summary>Takes up an answer.</summary>
    public void Begin(HttpResponseMessage response)
    {
        var isEncoded = ContentCoding.IsEncoded(response.Content);
        if (response.StatusCode != HttpStatusCode.PartialContent) Restart();
        else if (isEncoded || !Continues(response))
        {
            Restart();
            throw new GatewayException(GatewayErrorKind.DownloadFailed, ClientMessages.DownloadFailed(target.Url, ClientMessages.DownloadRangeMismatch())) { IsTransient = true };
        }
        _mediaType = response.Content.Headers.ContentType?.MediaType;
        // Of what is encoded neither the length is known nor where in it a part would begin.
        _total = !isEncoded && response.Content.Headers.ContentLength is { } length ? Length + length : null;
        if (_total > target.MaxBytes) throw Invalid(ClientMessages.OutputTooLong(target.MaxBytes));
        Validator = isEncoded ? null : ValidatorOf(response);
    }

    public void Write(byte[] buffer, int count)
    {
        if (Length == 0) Look(buffer.AsSpan(0, Math.Min(count, FileKind.BytesToTell)));
        if (Length + count > target.MaxBytes) throw Invalid(ClientMessages.OutputTooLong(target.MaxBytes));
        Written(() =>
        {
            if (_file is null) Open();
            _file!.Write(buffer, 0, count);
        });
        Length += count;
    }

    /// <summary>Gives the file its name, if all of it is there.</summary>
    public async Task<Downloaded> CompleteAsync(CancellationToken cancellationToken)
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

    /// <summary>Closes it, so that it can be moved, and tells where it is.</summary>
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

    /// <summary>Makes the file, and keeps it for itself, which tells other processes that it is not left over.</summary>
    private void Open()
    {
        for (var tries = 1; ; tries++)
        {
            _path = target.Folder.NewPartPath();
            try
            {
                _file = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1);
                if (File.Exists(_path)) return;
                // Somebody found it in the moment between making and locking it.
                _file.Dispose();
            }
            catch (IOException e) when (WholeFile.IsTaken(e) && tries < MostOpenTries)
            {
            }
        }
    }

    private void Look(ReadOnlySpan<byte> start) => Extension = FileKind.ExtensionOf(start)
        ?? throw Invalid(FileKind.LooksLikePage(start) ? ClientMessages.OutputIsPage() : ClientMessages.OutputFormatUnknown(_mediaType));

    private bool Continues(HttpResponseMessage response) =>
        response.Content.Headers.ContentRange is { HasRange: true } range && range.From == Length && Length > 0;

    private static string? ValidatorOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);

    private void Written(Action write)
    {
        try { write(); }
        catch (Exception e) when (FileErrors.Is(e)) { throw NotWritten(e); }
    }

    private GatewayException NotWritten(Exception e) =>
        new(GatewayErrorKind.FileNotWritten, ClientMessages.FileNotWritten(Path.Combine(target.Folder.Path, target.Name + Extension), e.Message), e);

    private GatewayException Invalid(string why) => new(GatewayErrorKind.InvalidOutput, ClientMessages.InvalidOutput(target.Url, why));
}

/// <summary>Writes files so that there is never a part of one under its name.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file, or replaces it, unless that is given up.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="write">Writes it; false to give up.</param>
    /// <returns>Whether it was written.</returns>
    public static bool Write(string path, Func<Stream, bool> write)
    {
        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}.partial");
        try
        {
            // Open until it has its name: what nobody has open is taken for left over, and deleted.
            using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete))
            {
                if (!write(stream)) return false;
                stream.Flush();
#if NET
                Move(part, path);
                return true;
#endif
            }
#if !NET
            Move(part, path);
            return true;
#endif
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Gives a file another name, of which it takes the place.</summary>
    public static void Move(string from, string to)
    {
#if NET
        File.Move(from, to, overwrite: true);
#else
        if (File.Exists(to)) File.Replace(from, to, null);
        else File.Move(from, to);
#endif
    }

    /// <summary>Whether a file could not be opened because somebody else has it: sharing and lock violations of Windows, EAGAIN of Linux and of macOS.</summary>
    public static bool IsTaken(IOException e) => e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;
}
