namespace MidJourney.Journal;

/// <summary>Compacts the file of a journal in the background when it has become long.</summary>
internal sealed class JournalCompactor(JournalFile file, JournalStore store, TimeProvider time, long maxBytes, Func<Action, Task> exclusively)
{
    /// <summary>How long the end of the process waits.</summary>
    private static readonly TimeSpan MaxExitDelay = TimeSpan.FromSeconds(10);

    private long _retryAfter;
    private int _isRunning;

    public bool IsRunning => Volatile.Read(ref _isRunning) == 1;

    private bool IsLong => store.Length > Math.Max(Math.Max(maxBytes, _retryAfter), 2 * store.Index.Compacted);

    public void StartIfLong()
    {
        if (IsLong && Interlocked.Exchange(ref _isRunning, 1) == 0) Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        var ended = new TaskCompletionSource<bool>();
        // A script may end sooner than this. If it did so every time, the file would grow forever.
        EventHandler atExit = (_, _) => ended.Task.Wait(MaxExitDelay);
        AppDomain.CurrentDomain.ProcessExit += atExit;
        JournalCompaction? compaction = null;
        try
        {
            await exclusively(() =>
            {
                store.Refresh();
                if (IsLong) compaction = new JournalCompaction(file, store);
            }).ConfigureAwait(false);
            if (compaction is null) return;
            compaction.CopyBody(time.GetUtcNow());
            await exclusively(() =>
            {
                store.Refresh();
                // Another file, if it was replaced meanwhile.
                if (store.Index != compaction.Index) return;
                compaction.Finish(time.GetUtcNow());
                _retryAfter = 0;
            }).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Another process has the file open, or the disk is full: the file grows until the next attempt. Nothing else depends on it.
            _retryAfter = store.Length + maxBytes / 4;
        }
        finally
        {
            compaction?.Dispose();
            Interlocked.Exchange(ref _isRunning, 0);
            ended.SetResult(true);
            AppDomain.CurrentDomain.ProcessExit -= atExit;
        }
    }
}

/// <summary>
/// Compacts a journal: one short line for a task that has ended, all lines of one that is running or unknown, nothing for a create that was never made.
/// Others keep writing while the body is copied, and what they write follows unchanged, so that no process waits long.
/// </summary>
internal sealed class JournalCompaction : IDisposable
{
    private readonly JournalFile _file;
    private readonly JournalStore _store;
    private readonly FileStream _from, _replacement;
    private readonly BufferedStream _to;
    private readonly long _end;
    private long[] _at = [], _endAt = [];
    private bool _isFinished;

    /// <summary>Opens the files; only under the lock of the file.</summary>
    public JournalCompaction(JournalFile file, JournalStore store)
    {
        (_file, _store, Index, _end) = (file, store, store.Index, store.Length);
        _from = file.OpenToRead() ?? throw new FileNotFoundException();
        try { _replacement = file.OpenReplacement(); }
        catch
        {
            _from.Dispose();
            throw;
        }
        _to = new BufferedStream(_replacement, 256 * 1024);
    }

    /// <summary>The index of the file that is compacted.</summary>
    public JournalIndex Index { get; }

    /// <summary>The first line of the new file.</summary>
    public byte[] Identity { get; private set; } = [];

    public long Length { get; private set; }

    public byte[] Tail { get; private set; } = [];

    /// <summary>Copies the entries that exist now, while others write.</summary>
    public void CopyBody(DateTimeOffset time)
    {
        int count, unsalted;
        Guid salt;
        lock (_store.SyncRoot) (count, salt, unsalted) = (Index.Count, Index.Salt, Index.CountBeforeSalt);
        (_at, _endAt) = (new long[count], new long[count]);
        // Entries with another salt, or none, stay before the line that gives the salt.
        var header = JournalLineWriter.Header(unsalted > 0 ? Guid.Empty : salt, 0, time);
        Write(header);
        Identity = header.AsSpan(0, header.Length - 1).ToArray();
        for (var i = 0; i <= count; i++)
        {
            if (i == unsalted && i > 0) Write(JournalLineWriter.Header(salt, 0, time));
            if (i < count) Copy(i);
        }
        _to.Flush();
        // Flush now, while no process is waiting; little is left to write later.
        _replacement.Flush(flushToDisk: true);
    }

    /// <summary>Copies what was written since, and replaces the file; only under its lock.</summary>
    public void Finish(DateTimeOffset time)
    {
        var tail = _to.Position;
        CopyTail();
        // The file is not compacted again before it has doubled.
        var compacted = _to.Position;
        var header = JournalLineWriter.Header(Index.Salt, compacted, time);
        Write(header);
        _to.Flush();
        _replacement.Flush(flushToDisk: true);
        (Length, Tail) = (_replacement.Length, JournalFile.TailOf(header));
        _isFinished = true;
        _file.ReplaceBy(_replacement);
        lock (_store.SyncRoot) Index.Move(_at, _endAt, _end, tail - _end, compacted);
        _store.UseCompacted(this);
    }

    public void Dispose()
    {
        if (!_isFinished) _file.Discard(_replacement);
        _from.Dispose();
    }

    private void CopyTail()
    {
        _from.Seek(_end, SeekOrigin.Begin);
        var block = new byte[64 * 1024];
        for (var left = _store.Length - _end; left > 0;)
        {
            var read = _from.Read(block, 0, (int)Math.Min(left, block.Length));
            if (read == 0) throw new EndOfStreamException();
            _to.Write(block, 0, read);
            left -= read;
            // The last line may have no line break yet.
            if (left == 0 && block[read - 1] != '\n') _to.WriteByte((byte)'\n');
        }
    }

    private void Copy(int i)
    {
        JournalEntry entry;
        JournalCreate create;
        string id;
        lock (_store.SyncRoot)
        {
            entry = Index[i];
            if (entry.State == EntryState.None || entry.At >= _end) return;
            // A line that is not in the file yet must not be left behind.
            if (entry.At < 0 || entry.EndAt < 0) throw new IOException();
            (create, id) = (JournalReader.CreateOf(Index, entry), Index.TaskIdOf(entry));
        }
        var first = JournalFile.ReadLine(_from, entry.At);
        _at[i] = _endAt[i] = _to.Position;
        if (!JournalLine.TryParse(first, out var line) || (line.Ref != entry.Ref && line.TaskId != id)) Write(LostLine(i));
        else if (entry.EndAt == entry.At) WriteLine(first);
        else if (entry.HasEnded)
        {
            create = create with { Parameters = line.Parameters.ToArray(), Source = line.Source.ToArray() };
            var task = JournalReader.TaskOn(JournalFile.ReadLine(_from, entry.EndAt), entry, id);
            if (task.CreatedAt is null) task = task with { CreatedAt = entry.CreatedAt };
            Write(JournalLineWriter.Compacted(create, task, entry.State, entry.CreatedAt, entry.WindowStart));
        }
        else
        {
            WriteLine(first);
            _endAt[i] = _to.Position;
            WriteLine(JournalFile.ReadLine(_from, entry.EndAt));
        }
        if (entry.State == EntryState.Gone) Write(JournalLineWriter.Gone(create.BaseUri, create.Account, id, entry.WindowStart));
    }

    private byte[] LostLine(int i)
    {
        lock (_store.SyncRoot) return JournalReader.LineOf(Index, i, withAccount: true);
    }

    private void Write(byte[] line) => _to.Write(line, 0, line.Length);

    private void WriteLine(byte[] line)
    {
        Write(line);
        _to.WriteByte((byte)'\n');
    }
}
