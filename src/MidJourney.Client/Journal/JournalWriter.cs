using System.Diagnostics.CodeAnalysis;

namespace MidJourney;

/// <summary>
/// Appends what many creates have to say in few writes: while one write is under way, the lines that come in wait for
/// the next. With an index, it also knows what the file says, other processes' lines included.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A stream in memory holds nothing.")]
internal sealed class JournalWriter
{
    private const int MostUnwritten = 16 * 1024 * 1024;

    /// <summary>Writing takes milliseconds. What takes longer is a file that others hold, and then it is written later.</summary>
    private static readonly TimeSpan FlushPatience = TimeSpan.FromMilliseconds(500);

    private readonly JournalFile _file;
    private readonly TimeProvider _time;
    private readonly long _maxBytes;
    private readonly object _queueLock = new();
    private readonly object _fileLock = new();
    private readonly MemoryStream _unwritten = new();
    private List<JournalAppend> _queue = [];
    private bool _isWriting;
    private bool _isJournal;

    /// <summary>More could not be written than is kept, so that nobody can be told any more what was never created.</summary>
    private bool _hasForgotten;
    private JournalIndex? _index;
    private byte[] _identity = [];
    private long _read;
    private long _compactAt;

    public JournalWriter(JournalFile file, TimeProvider time, long maxBytes) =>
        (_file, _time, _maxBytes, _compactAt) = (file, time, maxBytes, maxBytes);

    /// <summary>Appends a line. The result says what came of it; it never fails.</summary>
    public Task<JournalAppended> AppendAsync(byte[] line) => AppendAsync(new JournalAppend(line, null, DuplicatePolicy.Create));

    /// <summary>Appends a line, unless the file already holds a create of the same thing.</summary>
    public Task<JournalAppended> AppendAsync(byte[] line, string key, DuplicatePolicy duplicates) => AppendAsync(new JournalAppend(line, key, duplicates));

    /// <summary>What the file says of a create of the same thing; reads the file when it is first asked.</summary>
    public SubmittedBefore? Find(string key)
    {
        lock (_fileLock)
        {
            if (_hasForgotten) throw new IOException(Messages.JournalForgot());
            Refresh();
            return _index!.Find(key) is { } entry ? new SubmittedBefore(entry) : null;
        }
    }

    /// <summary>Waits until what was appended so far is written, or until it has taken too long.</summary>
    /// <returns>Why it could not be written; null when it was, or is not yet.</returns>
    public async Task<Exception?> FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = AppendAsync(new JournalAppend([], null, DuplicatePolicy.Create));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(flushed, Task.Delay(FlushPatience, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        return first == flushed ? (await flushed.ConfigureAwait(false)).Fault : null;
    }

    /// <summary>All that is known: what the file says, and what could not be written to it yet.</summary>
    public JournalIndex Read()
    {
        byte[] written, unwritten;
        lock (_fileLock) (written, unwritten) = (_file.ReadFrom(0), Unwritten.ToArray());
        var index = IndexOf(written, out _);
        index.AddLines(unwritten);
        return index;
    }

    /// <summary>A file that begins as a line does is a journal, even if the process that wrote it ended within the line.</summary>
    /// <exception cref="IOException">There is something, and none of it is a journal's line: another program's file, or one in another encoding.</exception>
    private static JournalIndex IndexOf(byte[] text, out int taken)
    {
        var index = new JournalIndex();
        taken = index.AddLines(text);
        return index.HasGoodLine || IsBlank(text) || text.AsSpan().LastIndexOf("{\"v\":"u8) == 0 ? index : throw new IOException(Messages.NotAJournal());
    }

    private static bool IsBlank(byte[] text) => Array.TrueForAll(text, b => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');

    private ReadOnlySpan<byte> Unwritten => _unwritten.GetBuffer().AsSpan(0, (int)_unwritten.Length);

    private Task<JournalAppended> AppendAsync(JournalAppend append)
    {
        lock (_queueLock)
        {
            _queue.Add(append);
            if (_isWriting) return append.Done;
            _isWriting = true;
        }
        WriteSoon();
        return append.Done;
    }

    /// <summary>A write has its turn after what is queued already, so that most of what that has to say goes into the same write.</summary>
    private void WriteSoon() => ThreadPool.UnsafeQueueUserWorkItem(static writer => ((JournalWriter)writer!).WriteQueued(), this);

    private void WriteQueued()
    {
        List<JournalAppend> batch;
        lock (_queueLock) (batch, _queue) = (_queue, []);
        Exception? fault = null;
        try { Write(batch); }
        catch (Exception e) { fault = e; }
        foreach (var append in batch) append.Complete(fault);
        lock (_queueLock)
        {
            if (_queue.Count == 0)
            {
                _isWriting = false;
                return;
            }
        }
        WriteSoon();
    }

    private void Write(List<JournalAppend> batch)
    {
        IDisposable? held = null;
        Exception? fault = null;
        try
        {
            // Others may hold the file for long, and reading it needs no lock: whoever asks what it says is not to wait for them.
            try { held = _file.Lock(); }
            catch (Exception e) when (TaskJournal.IsOfFile(e)) { fault = e; }
            lock (_fileLock) Write(batch, fault);
        }
        finally
        {
            held?.Dispose();
        }
    }

    private void Write(List<JournalAppend> batch, Exception? fault)
    {
        try
        {
            if (fault is null && _index is not null) Refresh();
        }
        catch (Exception e) when (TaskJournal.IsOfFile(e)) { fault = e; }
        // Without the file, what this process knows by itself still keeps it from creating a thing twice.
        foreach (var append in batch) Take(append);
        if (fault is not null) throw fault;
        if (_unwritten.Length > 0) WriteOut();
    }

    private void Take(JournalAppend append)
    {
        if (append.Line.Length == 0) return;
        if (append.Key is { } key && _index?.Find(key) is { } entry && (entry.IsCreated || append.Duplicates == DuplicatePolicy.Skip))
        {
            append.Before = new SubmittedBefore(entry);
            return;
        }
        _index?.Add(append.Line.AsSpan(0, append.Line.Length - 1));
        if (_unwritten.Length + append.Line.Length <= MostUnwritten) _unwritten.Write(append.Line, 0, append.Line.Length);
        else _hasForgotten = true;
    }

    /// <summary>Lines that could not be written are kept for the next time, because a full disk may get room again.</summary>
    private void WriteOut()
    {
        // What is added to a file in another encoding would hide that the rest of it cannot be read.
        if (!_isJournal) _isJournal = _index is not null || JournalLine.Parse(_file.Identity()) is not null || IndexOf(_file.ReadFrom(0), out _) is not null;
        var written = _file.Append(Unwritten, () => JournalFormat.Header(Guid.NewGuid(), _time.GetUtcNow()));
        if (written.Count > 0)
        {
            var rest = Unwritten.Slice(written.Count).ToArray();
            _unwritten.SetLength(0);
            _unwritten.Write(rest, 0, rest.Length);
        }
        if (_index is not null) (_read, _identity) = (written.After, written.Before == 0 ? _file.Identity() : _identity);
        if (written.Fault is { } fault) throw fault;
        if (written.After > _compactAt) Compact(written.After);
    }

    private void Compact(long length)
    {
        try
        {
            length = JournalCompactor.Compact(_file, _maxBytes / 2, _time.GetUtcNow());
        }
        catch (Exception e) when (TaskJournal.IsOfFile(e))
        {
            // Somebody reads it just now, or the disk is full: it goes on growing until the next time.
        }
        _compactAt = Math.Max(_maxBytes, length * 2);
        if (_index is not null) ReadAll();
    }

    /// <summary>Takes in what others wrote since the last time.</summary>
    private void Refresh()
    {
        var identity = _file.Identity();
        if (_index is null || !identity.AsSpan().SequenceEqual(_identity)) ReadAll();
        else _read += _index.AddLines(_file.ReadFrom(_read));
    }

    private void ReadAll()
    {
        _identity = _file.Identity();
        var index = IndexOf(_file.ReadFrom(0), out var taken);
        _read = taken;
        // What could not be written yet is known all the same.
        index.AddLines(Unwritten);
        _index = index;
    }
}
