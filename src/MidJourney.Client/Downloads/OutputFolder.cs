using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace MidJourney.Downloads;

/// <summary>A folder in which outputs are saved: finds what is already there, and gives files their names. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is not used has nothing to dispose.")]
internal sealed class OutputFolder(string path, Func<string, string>? redact = null)
{
    // More names than any sensible folder needs for one output.
    private const int MaxNames = 1000;

    // The first eight digits are those of an earlier version.
    private static readonly Regex PartName = new(@"^\.([0-9a-f]{8}-)?[0-9a-f]{32}\.partial$", RegexOptions.CultureInvariant);

    private readonly FolderRecord _record = new(path);
    // Other processes are kept out by the record's lock, which is expensive to wait for.
    private readonly SemaphoreSlim _placing = new(1);
    private int _isSwept;

    public string Path => path;

    /// <summary>The path of a folder in another. A name that differs only in case is the same folder, as it would be on systems that ignore case.</summary>
    public static string PathWithin(string parent, string name)
    {
        var full = System.IO.Path.Combine(parent, name);
        try
        {
            if (System.IO.Path.DirectorySeparatorChar == '\\' || Directory.Exists(full) || !Directory.Exists(parent)) return full;
            return Directory.EnumerateDirectories(parent)
                .FirstOrDefault(folder => string.Equals(System.IO.Path.GetFileName(folder), name, StringComparison.OrdinalIgnoreCase)) ?? full;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            return full;
        }
    }

    /// <summary>The output's file, if this module saved it and its content is unchanged; null otherwise.</summary>
    internal async Task<DownloadedFile?> FindAsync(DownloadTarget target, CancellationToken cancellationToken)
    {
        await _record.RefreshAsync(cancellationToken).ConfigureAwait(false);
        return FindRecorded(target);
    }

    private DownloadedFile? FindRecorded(DownloadTarget target)
    {
        foreach (var file in _record.FilesOf(KeyOf(target), target.Index).Where(f => IsNameOf(target, f.Name)).OrderBy(f => StemOf(f.Name) != target.Name))
        {
            var full = System.IO.Path.Combine(path, file.Name);
            if (ExistingFile.Of(full)?.Has(file.Length, file.Sha256) == true) return new DownloadedFile(full, SavedState.AlreadyThere);
        }
        return null;
    }

    /// <summary>A complete image with the output's name that is not known to belong to another output; null if there is none.</summary>
    internal DownloadedFile? FindUnverified(DownloadTarget target)
    {
        var names = target.Names.Take(2).Concat(target.EarlierNames);
        foreach (var name in names.SelectMany(n => FileKind.Extensions.Select(extension => target.FileName(n, extension))))
        {
            var full = System.IO.Path.Combine(path, name);
            try
            {
                if (File.Exists(full) && !BelongsToOther(name, target) && ExistingFile.Of(full) is { Length: > 0 } existing && existing.CanBe(target) && FileKind.IsWhole(full))
                    return new DownloadedFile(full, SavedState.NotVerified);
            }
            catch (Exception e) when (FileErrors.Is(e))
            {
                // A file that cannot be read does not count.
            }
        }
        return null;
    }

    /// <summary>
    /// Gives a complete download its name. The name is claimed by creating the file, so nothing of another output is overwritten, whatever other threads and
    /// processes do.
    /// </summary>
    /// <param name="target">The output.</param>
    /// <param name="part">The download, complete and still open, so that no other process deletes it as a leftover.</param>
    /// <param name="sha256">The SHA-256 of its content.</param>
    /// <param name="cancellationToken">Ends the wait for other processes.</param>
    /// <exception cref="IOException">The file cannot be moved.</exception>
    internal async Task<DownloadedFile> PlaceAsync(DownloadTarget target, PartFile part, string sha256, CancellationToken cancellationToken)
    {
        await _placing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try { return await PlaceAloneAsync(target, part, sha256, cancellationToken).ConfigureAwait(false); }
        finally { _placing.Release(); }
    }

    private async Task<DownloadedFile> PlaceAloneAsync(DownloadTarget target, PartFile part, string sha256, CancellationToken cancellationToken)
    {
        using var record = await _record.OpenAsync(create: true, cancellationToken).ConfigureAwait(false);
        // Another process may have saved the same output in the meantime, under another of its names.
        if (!target.Force && FindRecorded(target) is { } known) return known;
        if (!target.Force && FindEarlier(target, part, sha256) is { } earlier)
        {
            _record.Add(record, new SavedFile(KeyOf(target), target.Index, earlier, part.Length, sha256));
            return new DownloadedFile(System.IO.Path.Combine(path, earlier), SavedState.AlreadyThere);
        }
        foreach (var name in target.Names.Take(MaxNames).Select(n => target.FileName(n, part.Extension)))
        {
            var full = System.IO.Path.Combine(path, name);
            var state = SavedState.Saved;
            var isReplaced = target is { Force: true, Extension: not null } && File.Exists(full);
            if (!isReplaced && !TryClaim(full))
            {
                if (BelongsToOther(name, target) || ExistingFile.Of(full) is not { } existing || !existing.CanBe(target)) continue;
                // A process that was killed between claiming and moving left an empty file.
                var isLeftover = record is { CanWrite: true } && existing.Length == 0;
                if (!target.Force && !isLeftover)
                {
                    if (!existing.Has(part.Length, sha256)) continue;
                    state = SavedState.AlreadyThere;
                }
            }
            if (state == SavedState.Saved) Move(part, full);
            _record.Add(record, new SavedFile(KeyOf(target), target.Index, name, part.Length, sha256));
            return new DownloadedFile(full, state);
        }
        throw new IOException(ClientMessages.NoFreeName(target.OwnName + part.Extension));
    }

    /// <summary>The name of the output's file, if it has another of its names and is not recorded: version 0.1.0 kept no record.</summary>
    private string? FindEarlier(DownloadTarget target, PartFile part, string sha256)
    {
        return target.EarlierNames.Select(n => target.FileName(n, part.Extension)).FirstOrDefault(IsOutput);

        bool IsOutput(string name) => System.IO.Path.Combine(path, name) is var full && File.Exists(full) && !BelongsToOther(name, target)
            && ExistingFile.Of(full) is { } existing && existing.CanBe(target) && existing.Has(part.Length, sha256);
    }

    /// <summary>Deletes partial files of processes that were killed; not those that are still being written.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isSwept, 1) != 0) return;
        try
        {
            var parts = Directory.EnumerateFiles(path, ".*" + WholeFile.PartExtension).Where(p => PartName.IsMatch(System.IO.Path.GetFileName(p))).ToList();
            if (parts.Count == 0) return;
            // Files get their names under the same lock, so no file is between closing and moving.
            using var record = await _record.OpenAsync(create: true, cancellationToken).ConfigureAwait(false);
            if (record is { CanWrite: true }) parts.ForEach(TryDelete);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // A leftover only takes up space.
        }
    }

    /// <summary>The same in a folder and in those below it, because a killed run may have used others than this run.</summary>
    public static async Task SweepTreeAsync(string root, int depth, CancellationToken cancellationToken)
    {
        foreach (var folder in Tree(root, depth))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await new OutputFolder(folder).SweepAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A folder and those below it. A name template makes no hidden folders, and links are not followed.</summary>
    public static IEnumerable<string> Tree(string root, int depth) =>
        depth == 0 ? [root] : FoldersIn(root).SelectMany(folder => Tree(folder, depth - 1)).Prepend(root);

    private static List<string> FoldersIn(string folder)
    {
        try { return [.. new DirectoryInfo(folder).EnumerateDirectories().Where(f => f.Name[0] != '.' && !f.Attributes.HasFlag(FileAttributes.ReparsePoint)).Select(f => f.FullName)]; }
        catch (Exception e) when (FileErrors.Is(e)) { return []; }
    }

    private static void TryDelete(string part)
    {
        try { new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose(); }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // A running process has it open.
        }
    }

    private static bool TryClaim(string full)
    {
        try
        {
            new FileStream(full, FileMode.CreateNew, FileAccess.Write).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && Exists(full))
        {
            return false;
        }
    }

    /// <summary>True also for a folder, and for a link whose target does not exist.</summary>
    private static bool Exists(string full)
    {
        try { return File.GetAttributes(full) >= 0; }
        catch (Exception e) when (FileErrors.Is(e)) { return false; }
    }

    private static void Move(PartFile part, string full)
    {
        try
        {
            WholeFile.Move(part.Release(), full);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            if (new FileInfo(full) is { Exists: true, Length: 0 } claim) claim.Delete();
            throw;
        }
    }

    private static string StemOf(string name) => System.IO.Path.GetFileNameWithoutExtension(name);

    /// <summary>True if a name in the record is one that the output's file can have. Such a name cannot lead out of the folder.</summary>
    private static bool IsNameOf(DownloadTarget target, string name)
    {
        if (System.IO.Path.GetFileName(name) != name || FileKind.OfExtension(System.IO.Path.GetExtension(name)) is null) return false;
        var stem = StemOf(name);
        return stem == target.Name || stem == target.OwnName || FileNames.IsNumbered(stem, target.OwnName + "_")
            || target.EarlierNames.Contains(stem) || target.IsRecordedName?.Invoke(stem) == true;
    }

    private string KeyOf(DownloadTarget target) => SavedFile.KeyOf(target.TaskId, redact);

    private bool BelongsToOther(string name, DownloadTarget target) => _record.BelongsToOther(name, KeyOf(target), target.Index);
}
