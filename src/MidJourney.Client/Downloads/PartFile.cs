using System.Net;

namespace MidJourney;

/// <summary>A file on its way: it has another name until it is complete, and is gone when it is not.</summary>
internal sealed class PartFile : IDisposable
{
    private readonly DownloadTarget _target;
    private readonly string _path;
    private FileStream? _file;
    private string? _mediaType;
    private string _extension = ".bin";
    private string? _finalPath;
    private long? _total;
    private bool _mustCompare;

    public PartFile(DownloadTarget target)
    {
        _target = target;
        _path = Path.Combine(target.Folder, $".{FileNames.HashOf(target.OwnName + "\n" + target.Url.AbsoluteUri)}-{Guid.NewGuid():N}.partial");
    }

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>What tells whether the host's file is still the same; null when it cannot be resumed.</summary>
    public string? Validator { get; private set; }

    /// <summary>Takes up an answer.</summary>
    /// <returns>The file, if it need not be downloaded at all.</returns>
    public Downloaded? Begin(HttpResponseMessage response, DownloadTarget target)
    {
        if (response.StatusCode != HttpStatusCode.PartialContent) Restart();
        else if (!Continues(response))
        {
            Restart();
            throw new GatewayException(GatewayErrorKind.DownloadFailed, Messages.DownloadFailed(target.Url, Messages.DownloadDoesNotFit())) { IsTransient = true };
        }
        _mediaType = response.Content.Headers.ContentType?.MediaType;
        if (FileKind.IsPage(_mediaType)) throw Invalid(Messages.OutputOfType(_mediaType!));
        _total = response.Content.Headers.ContentLength is { } length ? Length + length : null;
        if (_total > OutputDownloader.MostBytes) throw Invalid(Messages.OutputTooLong());
        Validator = ValidatorOf(response);
        if (Length > 0) return null;
        _extension = FileKind.ExtensionOf(_mediaType, [], target.Url);
        return Choose();
    }

    public void Write(byte[] buffer, int count)
    {
        if (Length == 0) Look(buffer.AsSpan(0, Math.Min(count, FileKind.BytesToTell)));
        if (Length + count > OutputDownloader.MostBytes) throw Invalid(Messages.OutputTooLong());
        Written(() =>
        {
            _file ??= new FileStream(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1);
            _file.Write(buffer, 0, count);
        });
        Length += count;
    }

    /// <summary>Gives the file its name, if all of it is there.</summary>
    public Downloaded Complete(DownloadTarget target)
    {
        if (_total is { } total && Length != total)
            throw new GatewayException(GatewayErrorKind.DownloadFailed, Messages.DownloadFailed(target.Url, Messages.DownloadCutOff(Length, total))) { IsTransient = true };
        if (Length == 0) throw Invalid(Messages.OutputEmpty());
        var path = _finalPath!;
        var isSame = false;
        Written(() =>
        {
            _file!.Dispose();
            _file = null;
            isSame = _mustCompare && File.Exists(path) && IsSame(path);
            if (_mustCompare && !isSame && File.Exists(path)) path = PathOf(_target.OwnName);
            if (!isSame) WholeFile.Move(_path, path);
        });
        return new Downloaded(path, isSame);
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
        _file?.Dispose();
        try { File.Delete(_path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>Where it goes; what is there already is kept when it is this, and never overwritten when it is another's.</summary>
    private Downloaded? Choose()
    {
        _finalPath = PathOf(_target.Name);
        _mustCompare = false;
        if (!File.Exists(_finalPath)) return null;
        var there = ExistingFile.Of(_finalPath);
        if (_target.Force)
        {
            if (!there.CanBe(_target)) _finalPath = PathOf(_target.OwnName);
            return null;
        }
        if (_total is null)
        {
            _mustCompare = true;
            return null;
        }
        if (there.Length == _total && there.CanBe(_target)) return new Downloaded(_finalPath, true);
        _finalPath = PathOf(_target.OwnName);
        // Under its own name only a broken copy of this very file can stand.
        return File.Exists(_finalPath) && ExistingFile.Of(_finalPath).Length == _total ? new Downloaded(_finalPath, true) : null;
    }

    private void Look(ReadOnlySpan<byte> start)
    {
        if (FileKind.LooksLikePage(start, _mediaType)) throw Invalid(Messages.OutputIsPage());
        if (_extension != ".bin") return;
        _extension = FileKind.ExtensionOf(_mediaType, start, _target.Url);
        if (_extension == ".bin") return;
        // The type was not said, so what it is to be called is known only now.
        if (Choose() is not null) _mustCompare = true;
    }

    private bool Continues(HttpResponseMessage response) => response.StatusCode == HttpStatusCode.PartialContent
        && response.Content.Headers.ContentRange is { HasRange: true } range && range.From == Length && Length > 0;

    private static string? ValidatorOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private string PathOf(string name) => Path.Combine(_target.Folder, name + _extension);

    private bool IsSame(string path)
    {
        var there = ExistingFile.Of(path);
        if (there.Length != Length || !there.CanBe(_target)) return false;
        using var one = File.OpenRead(path);
        using var other = File.OpenRead(_path);
        for (var at = 0L; at < Length; at++)
        {
            if (at == there.Block?.Start) one.Seek(there.Block.Length, SeekOrigin.Current);
            if (one.ReadByte() != other.ReadByte()) return false;
        }
        return true;
    }

    private void Written(Action write)
    {
        try { write(); }
        catch (Exception e) when (TaskJournal.IsOfFile(e))
        {
            throw new GatewayException(GatewayErrorKind.FileNotWritten, Messages.FileNotWritten(_finalPath ?? _path, e.Message), e);
        }
    }

    private GatewayException Invalid(string why) => new(GatewayErrorKind.InvalidOutput, Messages.InvalidOutput(_target.Url, why));
}
