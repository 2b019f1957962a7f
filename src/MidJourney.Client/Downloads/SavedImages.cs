namespace MidJourney.Downloads;

/// <summary>Finds images and videos that were saved earlier, by the records of their folders.</summary>
internal sealed class SavedImages
{
    /// <summary>Folders of a name template, such as {Model}/{Prompt}; deeper ones would make a page in a home folder slow.</summary>
    private const int MaxDepth = 3;

    private static readonly char[] InvalidInNames = Path.GetInvalidFileNameChars();

    private readonly Dictionary<string, List<(int Index, string Path)>> _byTask = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SavedFile> _byPath = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly Func<string, string> _redact;

    private SavedImages(Func<string, string> redact) => _redact = redact;

    /// <summary>Reads the records of a folder and of the folders in it, and of other folders.</summary>
    /// <param name="folder">The folder, which may not exist.</param>
    /// <param name="others">Other folders, without those in them.</param>
    /// <param name="redact">Hides the API key.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<SavedImages> InAsync(string folder, IEnumerable<string> others, Func<string, string> redact, CancellationToken cancellationToken)
    {
        var saved = new SavedImages(redact);
        foreach (var each in OutputFolder.Tree(folder, MaxDepth).Concat(others)) await saved.AddFolderAsync(each, cancellationToken).ConfigureAwait(false);
        return saved;
    }

    /// <summary>The files of a task that are still what was saved, as far as their lengths tell, one for each output.</summary>
    public IEnumerable<(int Index, string Path)> FilesOf(string taskId) => !_byTask.TryGetValue(SavedFile.KeyOf(taskId, _redact), out var outputs) ? []
        : outputs.Where(o => ExistingFile.Of(o.Path)?.Length == _byPath[o.Path].Length && IsImage(o.Path)).GroupBy(o => o.Index).Select(same => same.First());

    /// <summary>Which output a file is, and what the file itself says of its task; null if that is not known.</summary>
    /// <param name="path">The full path of an image in one of the folders.</param>
    public (MJTask Task, int Index)? OutputOf(string path)
    {
        if (ExistingFile.Of(path) is not { } file) return null;
        if (file.Stamp is { } stamp) return (stamp.Task, stamp.Index);
        return _byPath.TryGetValue(path, out var saved) && saved.Length == file.Length ? (new MJTask { Id = saved.Task, Status = MJTaskStatus.Completed }, saved.Index) : null;
    }

    /// <summary>Whether the bytes of a file are those of an image or a video.</summary>
    public static bool IsImage(string path) => KindOf(path) is not null;

    /// <summary>The extension of the format that a file's bytes have; null if it is not an image or a video, or cannot be read.</summary>
    public static string? KindOf(string path)
    {
        try
        {
            if (FileLength.Of(path) == 0) return null;
            using var file = File.OpenRead(path);
            var start = new byte[FileKind.HeaderLength];
            return FileKind.ExtensionOf(start.AsSpan(0, file.Fill(start)));
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            return null;
        }
    }

    private async Task AddFolderAsync(string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_folders.Add(folder)) return;
        foreach (var file in await new FolderRecord(folder).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // A record may come with a folder of others, and its names must not lead out of it.
            if (file.Index < 0 || file.Name.IndexOfAny(InvalidInNames) >= 0 || file.Name is "." or "..") continue;
            var path = Path.Combine(folder, file.Name);
            _byPath[path] = file;
            if (!_byTask.TryGetValue(file.Task, out var outputs)) _byTask[file.Task] = outputs = [];
            outputs.Add((file.Index, path));
        }
    }
}
