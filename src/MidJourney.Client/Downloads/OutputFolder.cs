using System.Text.RegularExpressions;

namespace MidJourney.Downloads;

/// <summary>
/// A folder that outputs are saved in. What was saved there is written down in a hidden file of the folder itself, so that
/// it is known wherever the folder goes, and to every process. That file is also the lock under which files get their names.
/// Safe for use by many threads.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="redact">Takes the API key out of a text; null where there is none to take out.</param>
internal sealed class OutputFolder(string path, Func<string, string>? redact = null)
{
    /// <summary>The name of the record.</summary>
    public const string RecordName = ".midjourney-saved.jsonl";

    /// <summary>What stands at the end of the names of files that are not complete.</summary>
    internal const string PartExtension = ".partial";

    // More names than any sensible folder needs for one output.
    private const int MostNames = 1000;
    private const long MostRecordBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LittlePatience = TimeSpan.FromMilliseconds(100);
    private static readonly Regex PartName = new(@"^\.([0-9a-f]{8}-)?[0-9a-f]{32}\.partial$", RegexOptions.CultureInvariant);

    private readonly object _gate = new();
    private readonly Dictionary<(string Task, int Index), List<SavedFile>> _ofOutput = [];
    // The last one that had a name; letters of either case are the same file on some systems.
    private readonly Dictionary<string, SavedFile> _ofName = new(StringComparer.OrdinalIgnoreCase);
    private long _read;
    private int _swept;
    private TimeSpan _patience = LockPatience;

    /// <summary>Where it is.</summary>
    public string Path => path;

    private string RecordPath => System.IO.Path.Combine(path, RecordName);

    /// <summary>A name for a file that is not complete.</summary>
    internal string NewPartPath() => System.IO.Path.Combine(path, $".{Guid.NewGuid():N}{PartExtension}");

    /// <summary>The output's file, where this module saved it and its bytes are what they were; null where there is none.</summary>
    internal async Task<Downloaded?> FindAsync(DownloadTarget target, CancellationToken cancellationToken)
    {
        using (var record = await OpenAsync(isNeeded: false, cancellationToken).ConfigureAwait(false))
            if (record is not null) ReadNew(record);
        return Known(target);
    }

    private Downloaded? Known(DownloadTarget target)
    {
        SavedFile[] saved;
        lock (_gate) saved = _ofOutput.TryGetValue((KeyOf(target), target.Index), out var list) ? [.. list] : [];
        foreach (var file in saved.Where(f => IsNameOf(target, f.Name)).OrderBy(f => StemOf(f.Name) != target.Name))
        {
            var full = System.IO.Path.Combine(path, file.Name);
            if (ExistingFile.Of(full)?.Has(file.Length, file.Sha256) == true) return new Downloaded(full, SavedState.AlreadyThere);
        }
        return null;
    }

    /// <summary>A whole image that has the output's name, and is not known to be another's; null where there is none.</summary>
    internal Downloaded? FindUnverified(DownloadTarget target)
    {
        foreach (var name in target.Names.Take(2))
        {
            foreach (var extension in FileKind.Extensions)
            {
                var full = System.IO.Path.Combine(path, name + extension);
                try
                {
                    if (File.Exists(full) && !IsOfAnother(name + extension, target) && ExistingFile.Of(full) is { Length: > 0 } there && there.CanBe(target) && FileKind.IsWhole(full))
                        return new Downloaded(full, SavedState.NotVerified);
                }
                catch (Exception e) when (FileErrors.Is(e))
                {
                    // What cannot be read is no image.
                }
            }
        }
        return null;
    }

    /// <summary>
    /// Gives a complete file its name, which it claims by making it: whatever other threads and processes do, nothing of
    /// another task is overwritten.
    /// </summary>
    /// <param name="target">Whose file it is.</param>
    /// <param name="part">The file, complete and still open, so that nobody takes it for left over.</param>
    /// <param name="sha256">Their SHA-256.</param>
    /// <param name="cancellationToken">Ends the wait for others.</param>
    /// <exception cref="IOException">It cannot be moved there.</exception>
    internal async Task<Downloaded> PlaceAsync(DownloadTarget target, PartFile part, string sha256, CancellationToken cancellationToken)
    {
        using var record = await OpenAsync(isNeeded: true, cancellationToken).ConfigureAwait(false);
        if (record is not null) ReadNew(record);
        // Another process may have saved the same output meanwhile, under the other of its names.
        if (!target.Force && Known(target) is { } known) return known;
        foreach (var name in target.Names.Take(MostNames).Select(n => n + part.Extension))
        {
            var full = System.IO.Path.Combine(path, name);
            var state = SavedState.Saved;
            if (!TryClaim(full))
            {
                if (IsOfAnother(name, target) || ExistingFile.Of(full) is not { } there || !there.CanBe(target)) continue;
                // An empty one is what a process left that was killed between claiming and moving.
                var isLeft = record is { CanWrite: true } && there.Length == 0;
                if (!target.Force && !isLeft)
                {
                    if (!there.Has(part.Length, sha256)) continue;
                    state = SavedState.AlreadyThere;
                }
            }
            if (state == SavedState.Saved) Take(part, full);
            Note(record, new SavedFile(KeyOf(target), target.Index, name, part.Length, sha256));
            return new Downloaded(full, state);
        }
        throw new IOException(ClientMessages.NoFreeName(target.OwnName + part.Extension));
    }

    /// <summary>Deletes what killed processes left half done; nothing that a living one still writes to.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _swept, 1) != 0) return;
        try
        {
            var parts = Directory.EnumerateFiles(path, ".*" + PartExtension).Where(p => PartName.IsMatch(System.IO.Path.GetFileName(p))).ToList();
            if (parts.Count == 0) return;
            // A file gets its name under the same lock, so no file is between closing and moving.
            using var record = await OpenAsync(isNeeded: true, cancellationToken).ConfigureAwait(false);
            if (record is { CanWrite: true }) parts.ForEach(TryDelete);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // It only takes up room.
        }
    }

    private static void TryDelete(string part)
    {
        try { new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose(); }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // A living process has it open.
        }
    }

    private static bool TryClaim(string full)
    {
        try
        {
            new FileStream(full, FileMode.CreateNew, FileAccess.Write).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && IsTaken(full))
        {
            return false;
        }
    }

    /// <summary>Also by a folder, or by a link that leads nowhere.</summary>
    private static bool IsTaken(string full)
    {
        try { return File.GetAttributes(full) >= 0; }
        catch (Exception e) when (FileErrors.Is(e)) { return false; }
    }

    private static void Take(PartFile part, string full)
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

    /// <summary>Whether a name in the record is one that the output's file may have had; it leads nowhere else then.</summary>
    private static bool IsNameOf(DownloadTarget target, string name) => FileKind.Extensions.Contains(System.IO.Path.GetExtension(name), StringComparer.Ordinal)
        && StemOf(name) is var stem && (stem == target.Name || stem == target.OwnName || (stem.StartsWith(target.OwnName + "_", StringComparison.Ordinal) && FileNames.Safe(stem) == stem));

    private string KeyOf(DownloadTarget target) => SavedFile.KeyOf(target.TaskId, redact);

    private bool IsOfAnother(string name, DownloadTarget target)
    {
        lock (_gate) return _ofName.TryGetValue(name, out var saved) && (saved.Task != KeyOf(target) || saved.Index != target.Index);
    }

    /// <summary>Opens the record alone, and waits for others who do.</summary>
    /// <returns>The record; null where there is none and none is needed, or none can be had: then nothing is known and nothing is locked.</returns>
    private async Task<FileStream?> OpenAsync(bool isNeeded, CancellationToken cancellationToken)
    {
        if (!isNeeded && !File.Exists(RecordPath)) return null;
        var waited = System.Diagnostics.Stopwatch.StartNew();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            try
            {
                var isNew = !File.Exists(RecordPath);
                var record = new FileStream(RecordPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
                _patience = LockPatience;
                if (isNew && System.IO.Path.DirectorySeparatorChar == '\\') File.SetAttributes(RecordPath, FileAttributes.Hidden);
                return record;
            }
            catch (UnauthorizedAccessException)
            {
                return OpenToRead();
            }
            catch (IOException e) when (WholeFile.IsTaken(e) && waited.Elapsed < _patience)
            {
                // Its holder needs it for milliseconds.
            }
            catch (IOException)
            {
                // A holder that keeps it for so long may keep it forever.
                _patience = LittlePatience;
                return OpenToRead();
            }
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private FileStream? OpenToRead()
    {
        try { return new FileStream(RecordPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1); }
        catch (Exception e) when (FileErrors.Is(e)) { return null; }
    }

    /// <summary>Reads what has been written down since it was read last.</summary>
    private void ReadNew(FileStream record)
    {
        try
        {
            lock (_gate)
            {
                var length = record.Length;
                if (length < _read) Forget();
                _read = Math.Max(_read, length - MostRecordBytes);
                if (length == _read) return;
                record.Position = _read;
                var text = new byte[length - _read];
                var count = 0;
                while (count < text.Length && record.Read(text, count, text.Length - count) is > 0 and var read) count += read;
                _read += count;
                Learn(text.AsMemory(0, count));
            }
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // What is not known is compared.
        }
    }

    private void Forget()
    {
        _read = 0;
        _ofOutput.Clear();
        _ofName.Clear();
    }

    private void Learn(ReadOnlyMemory<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOf((byte)'\n');
            var line = end < 0 ? text : text.Slice(0, end);
            if (SavedFile.Parse(line) is { } saved) Learn(saved);
            text = end < 0 ? default : text.Slice(end + 1);
        }
    }

    private void Learn(SavedFile saved)
    {
        if (!_ofOutput.TryGetValue((saved.Task, saved.Index), out var list)) _ofOutput[(saved.Task, saved.Index)] = list = [];
        list.RemoveAll(s => s.Name == saved.Name);
        list.Add(saved);
        _ofName[saved.Name] = saved;
    }

    private void Note(FileStream? record, SavedFile saved)
    {
        lock (_gate)
        {
            if (_ofName.TryGetValue(saved.Name, out var known) && known == saved) return;
            Learn(saved);
        }
        if (record is not { CanWrite: true }) return;
        try
        {
            var line = saved.ToLine();
            // A line that a full disk cut off must not spoil the next.
            if (record.Length > 0)
            {
                record.Seek(-1, SeekOrigin.End);
                if (record.ReadByte() != '\n') line = [(byte)'\n', .. line];
            }
            record.Seek(0, SeekOrigin.End);
            record.Write(line, 0, line.Length);
            record.Flush();
            lock (_gate) _read = record.Length;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // The file is saved; what is not written down is compared next time.
        }
    }
}
