namespace MidJourney.Journal;

/// <summary>A line on its way into the journal.</summary>
/// <param name="line">Makes the line, once it may be written; null to check only whether the file can be written.</param>
internal sealed class JournalAppend(Func<byte[]>? line = null)
{
    public byte[]? Line() => line?.Invoke();

    /// <summary>Evaluated under the lock, when everything that others wrote is known.</summary>
    public Func<bool>? Condition { get; init; }

    /// <summary>The create that the line claims; null if it is not a claim.</summary>
    public string? ClaimedRef { get; init; }

    /// <summary>Whether the user decided it: that counts only once it is written.</summary>
    public bool IsSettlement { get; init; }

    /// <summary>Whether the condition was met.</summary>
    public bool IsAllowed { get; set; }

    public bool IsInFile { get; set; }

    public TaskCompletionSource<(bool IsAllowed, Exception? Fault)> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What the file contains and what this process knows: the index, the lines that are not in the file yet, and how far the file has been read.</summary>
/// <remarks>
/// One thread at a time uses it; <see cref="TaskJournal"/> ensures that. The index is changed under <see cref="SyncRoot"/> as well, which is never held
/// while the file is used, so that a thread that must not wait for the file can read the index.
/// </remarks>
internal sealed class JournalStore(JournalFile? file, TimeProvider time)
{
    private const int MaxPendingBytes = 64 * 1024 * 1024;

    /// <summary>The entry of a line in here has the complement of its number as position.</summary>
    private readonly List<byte[]> _pending = [];
    private long _pendingBytes;
    private TaskCompletionSource<bool> _changed = NewSignal();
    private Guid _salt;
    private byte[]? _identity;
    private byte[] _tail = [];
    private string? _warning;
    private bool _hasPrices;

    public object SyncRoot { get; } = new();
    public JournalIndex Index { get; private set; } = new();
    public bool IsInMemory { get; set; } = file is null;
    public bool IsLoaded { get; private set; }
    public bool HasWritten { get; private set; }

    /// <summary>Whether there are lines that are not in the file yet.</summary>
    public bool HasPending => _pending.Count > 0;

    /// <summary>Whether the file has no first line yet.</summary>
    public bool IsNew => Index.Salt == Guid.Empty || Length == 0;

    /// <summary>How far the file has been read.</summary>
    public long Length { get; private set; }

    /// <summary>The salt of key fingerprints: the file's, or the one it had before it was deleted.</summary>
    public Guid Salt => Index.Salt == Guid.Empty ? _salt : Index.Salt;

    /// <summary>Completes with the next change. Read it under <see cref="SyncRoot"/>, together with what is known until then.</summary>
    public Task Changed => _changed.Task;

    public void SignalChange()
    {
        TaskCompletionSource<bool> changed;
        lock (SyncRoot) (changed, _changed) = (_changed, NewSignal());
        changed.TrySetResult(true);
    }

    public void WarnLater(string? warning) => _warning = warning;

    public string? TakeWarning() => Interlocked.Exchange(ref _warning, null);

    public FileStream? Open() => file?.OpenToRead();

    public JournalReader Reader(Stream? stream) => new(Index, at => at >= 0 ? stream is null ? [] : JournalFile.ReadLine(stream, at) : ~at < _pending.Count ? _pending[(int)~at] : []);

    /// <summary>Reads what others have written since the last time.</summary>
    public void Refresh(CancellationToken cancellationToken = default)
    {
        using var stream = Open();
        Refresh(stream, cancellationToken);
    }

    public void Refresh(FileStream? stream, CancellationToken cancellationToken)
    {
        if (file is null || (IsLoaded && Length == 0 && _identity is null && stream is null or { Length: 0 })) return;
        if (stream is null || !IsSame(stream)) ReadAll(stream, cancellationToken);
        else if (stream.Length > Length) ReadNew(stream);
    }

    /// <summary>From now on, the index has prices as well. A file that was read is read again at the next refresh.</summary>
    public void AddPrices()
    {
        if (_hasPrices) return;
        _hasPrices = true;
        if (IsLoaded && Length > 0) _identity = null;
        else
            lock (SyncRoot) ReplaceIndex(new JournalIndex(_hasPrices));
    }

    private bool IsSame(Stream stream) => _identity is not null && JournalFile.IdentityOf(stream).AsSpan().SequenceEqual(_identity) && stream.Length >= Length
        && JournalFile.TailOf(stream, Length, _tail.Length).AsSpan().SequenceEqual(_tail);

    private void ReadNew(FileStream stream)
    {
        var lines = new List<(byte[] Text, long At)>();
        Length = JournalFile.ReadLines(stream, Length, (line, at) => lines.Add((line.ToArray(), at)));
        _tail = JournalFile.TailOf(stream, Length);
        if (lines.Count == 0) return;
        lock (SyncRoot)
            foreach (var (text, at) in lines) Index.Add(text, at);
        SignalChange();
    }

    private void ReadAll(FileStream? stream, CancellationToken cancellationToken)
    {
        var (index, length, identity, tail) = (new JournalIndex(_hasPrices), 0L, Array.Empty<byte>(), Array.Empty<byte>());
        if (stream is not null)
        {
            length = JournalFile.ReadLines(stream, 0, (line, at) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                index.Add(line.Span, at);
            });
            if (!index.HasJournalLine && !IsBlankOrTorn(stream)) throw new IOException(ClientMessages.NotAJournal());
            file!.RestrictMode();
            (identity, tail) = (JournalFile.IdentityOf(stream), JournalFile.TailOf(stream, length));
        }
        lock (SyncRoot) ReplaceIndex(index);
        (_identity, Length, _tail, IsLoaded) = (identity.Length == 0 ? null : identity, length, tail, true);
        SignalChange();
    }

    /// <summary>A file that starts like a line is a journal, even if the process that wrote it ended within the line.</summary>
    private static bool IsBlankOrTorn(Stream stream)
    {
        if (stream.Length > 64 * 1024) return false;
        var text = JournalFile.TailOf(stream, stream.Length, (int)stream.Length);
        return text.AsSpan().LastIndexOf(JournalFile.LineStart) == 0 || Array.TrueForAll(text, b => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');
    }

    /// <summary>Uses the new index, and adds what this process wrote and the file has lost: it may have been deleted, or replaced by an older copy.</summary>
    private void ReplaceIndex(JournalIndex index)
    {
        var (old, pending) = (Index, _pending.ToArray());
        // Fingerprints with another salt identify no account, and an entry without an account counts for every account.
        var isSameSalt = index.Salt == Guid.Empty || index.Salt == Salt;
        (_salt, Index) = (Salt, index);
        ClearPending();
        foreach (var line in pending) Keep(line);
        var lost = 0;
        foreach (var i in OwnEntriesMissingIn(index, old))
        {
            if (old[i].State is EntryState.None or EntryState.Gone)
            {
                if (index.FindOpen(old[i].Ref) >= 0) Keep(JournalLineWriter.NotCreated(old[i].Ref.ToString("N"), null, time.GetUtcNow()));
                continue;
            }
            Keep(JournalReader.LineOf(old, i, isSameSalt));
            lost++;
        }
        if (lost > 0) _warning = ClientMessages.JournalDeleted(file!.Path, lost);
    }

    private static int[] OwnEntriesMissingIn(JournalIndex index, JournalIndex old)
    {
        var own = new Dictionary<Guid, int>();
        for (var i = 0; i < old.Count; i++)
            if (old[i].IsOwn) own[old[i].Ref] = i;
        for (var i = 0; i < index.Count && own.Count > 0; i++)
        {
            if (!own.TryGetValue(index[i].Ref, out var known)) continue;
            index[i].IsOwn = true;
            // An older copy of the file may not have the outcome yet.
            if (!index[i].IsOpen || old[known].IsOpen) own.Remove(index[i].Ref);
        }
        return [.. own.Values.OrderBy(i => i)];
    }

    /// <summary>Appends lines to the file, and has the device keep them.</summary>
    /// <param name="batch">The lines.</param>
    /// <param name="held">The lock of the file; released early, so that others can go on while the device works.</param>
    public void Write(IReadOnlyList<JournalAppend> batch, IDisposable held)
    {
        using var stream = file!.OpenToAppend();
        Refresh(stream, CancellationToken.None);
        var isWritten = Append(stream, batch);
        HasWritten = true;
        held.Dispose();
        if (isWritten) stream.Flush(flushToDisk: true);
    }

    /// <returns>Whether anything was written.</returns>
    private bool Append(FileStream stream, IReadOnlyList<JournalAppend> batch)
    {
        var start = stream.Length;
        using var text = new MemoryStream(batch.Count * 512);
        if (start > 0 && JournalFile.TailOf(stream, start, 1)[0] != '\n') text.WriteByte((byte)'\n');
        var before = text.Length;
        try
        {
            lock (SyncRoot) AddLines(batch, text, start);
            if (text.Length == before) return false;
            stream.Seek(0, SeekOrigin.End);
            stream.Write(text.GetBuffer(), 0, (int)text.Length);
        }
        catch
        {
            Undo(stream, start, batch);
            throw;
        }
        if (start == 0)
        {
            file!.FlushFolder();
            _identity = null;
        }
        (Length, _tail) = (start + text.Length, JournalFile.TailOf(text.GetBuffer().AsSpan(0, (int)text.Length)));
        lock (SyncRoot) ClearPending();
        _identity ??= JournalFile.IdentityOf(stream);
        return true;
    }

    private void AddLines(IReadOnlyList<JournalAppend> batch, MemoryStream text, long start)
    {
        if (start == 0 || Index.Salt == Guid.Empty) Add(JournalLineWriter.Header(Salt == Guid.Empty ? Guid.NewGuid() : Salt, 0, time.GetUtcNow()), isOwn: false);
        foreach (var line in _pending) Add(line, isOwn: true);
        foreach (var append in Allowed(batch))
        {
            if (append.Line() is not { } line) continue;
            append.IsInFile = true;
            Add(line, isOwn: true);
        }

        void Add(byte[] line, bool isOwn)
        {
            Index.Add(WithoutLineBreak(line), start + text.Length, isOwn);
            text.Write(line, 0, line.Length);
        }
    }

    /// <summary>One after the other, because the index decides, and each line changes it.</summary>
    private static IEnumerable<JournalAppend> Allowed(IReadOnlyList<JournalAppend> batch)
    {
        foreach (var append in batch)
            if (append.IsAllowed = append.Condition?.Invoke() ?? true) yield return append;
    }

    /// <summary>Removes a write that failed halfway.</summary>
    private void Undo(FileStream stream, long start, IReadOnlyList<JournalAppend> batch)
    {
        // Others may have read the new lines, and continue after them: the file should not become shorter.
        if (start == 0 || !TryOverwrite(stream, start))
        {
            try { stream.SetLength(start); }
            catch (Exception e) when (FileErrors.Is(e))
            {
                // The next append first ends the incomplete line.
            }
        }
        // The index has lines that are not in the file, so the file is read again.
        _identity = null;
        foreach (var append in batch) append.IsInFile = false;
    }

    private static bool TryOverwrite(FileStream stream, long from)
    {
        try
        {
            var blank = new byte[stream.Length - from];
            blank.AsSpan().Fill((byte)'\n');
            stream.Seek(from, SeekOrigin.Begin);
            stream.Write(blank, 0, blank.Length);
            return true;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // On some file systems, overwriting needs space as well.
            return false;
        }
    }

    /// <summary>Adds lines without a file.</summary>
    public void WriteToMemory(IReadOnlyList<JournalAppend> batch)
    {
        lock (SyncRoot)
        {
            if (Salt == Guid.Empty) _salt = Guid.NewGuid();
            foreach (var append in Allowed(batch))
            {
                append.IsInFile = true;
                Keep(append.Line());
            }
        }
    }

    /// <summary>
    /// Keeps lines that could not be written, because what this process did still prevents duplicates, even without the file. Claims are not
    /// kept: if the claim in the file can be lost, nothing may be sent.
    /// </summary>
    public void KeepUnwritten(IReadOnlyList<JournalAppend> batch)
    {
        lock (SyncRoot)
        {
            foreach (var append in batch)
            {
                if (append.ClaimedRef is null && !append.IsInFile && !append.IsSettlement) Keep(append.Line());
                else if (append.ClaimedRef is { } name && append.IsAllowed) Keep(JournalLineWriter.NotCreated(name, null, time.GetUtcNow()));
            }
        }
    }

    private void Keep(byte[]? line)
    {
        if (line is null || (!IsInMemory && _pendingBytes + line.Length > MaxPendingBytes)) return;
        Index.Add(WithoutLineBreak(line), ~(long)_pending.Count, isOwn: true);
        _pending.Add(line);
        _pendingBytes += line.Length;
    }

    private void ClearPending()
    {
        _pending.Clear();
        _pendingBytes = 0;
    }

    /// <summary>The compacted file is in place.</summary>
    public void UseCompacted(JournalCompaction compaction) => (_identity, Length, _tail) = (compaction.Identity, compaction.Length, compaction.Tail);

    private static ReadOnlySpan<byte> WithoutLineBreak(byte[] line) => line.AsSpan(0, line.Length - 1);

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
