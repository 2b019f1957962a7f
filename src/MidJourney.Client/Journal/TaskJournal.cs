using System.Collections.Concurrent;

namespace MidJourney;

/// <summary>
/// Remembers every create and what became of it in a file of JSON Lines, so that no paid task is lost when a process
/// ends. Several processes and threads may use one file. It never holds the API key.
/// </summary>
public sealed class TaskJournal
{
    private const long DefaultMaxBytes = 64L * 1024 * 1024;

    private const int EndBytes = 256 * 1024;

    private readonly JournalFile _file;
    private readonly JournalWriter _writer;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Task> _underWay = new();
    private int _warned;
    private int _warnedOfMode;

    /// <param name="path">The file; its folder is made when the first line is written.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="maxBytes">The size above which tasks that have ended leave the file, oldest first.</param>
    public TaskJournal(string path, TimeProvider? time = null, long maxBytes = DefaultMaxBytes)
        : this(new JournalFile(System.IO.Path.GetFullPath(path)), time, maxBytes)
    {
    }

    internal TaskJournal(JournalFile file, TimeProvider? time = null, long maxBytes = DefaultMaxBytes)
    {
        _time = time ?? TimeProvider.System;
        _file = file;
        _writer = new JournalWriter(_file, _time, maxBytes);
    }

    /// <summary>The file's full path.</summary>
    public string Path => _file.Path;

    /// <summary>Why others can read the file, which could not be changed; null where they cannot.</summary>
    public string? ModeProblem => _file.ModeProblem is { } cause ? Messages.JournalOpenToOthers(Path, cause) : null;

    /// <summary>Checks, without waiting, that the path can be a journal's.</summary>
    /// <exception cref="IOException">Something else is there: a folder, a pipe, a device.</exception>
    public void Check() => _file.Check();

    /// <summary>What the journal holds of one gateway, newest first, with the number of lines that could not be read.</summary>
    /// <param name="baseUri">The gateway.</param>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    public (IReadOnlyList<MJTask> Tasks, int BadLines) Read(Uri baseUri)
    {
        // On a thread of the pool: nothing has to come back to this one.
        FlushAsync().GetAwaiter().GetResult();
        var address = SubmissionKey.AddressOf(baseUri);
        JournalIndex index;
        try { index = _writer.Read(); }
        catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
        var tasks = index.Entries.Where(e => e.BaseUri == address && (e.IsCreated || e.IsUnknown)).Select(e => e.ToTask()).Reverse();
        return (tasks.OrderByDescending(t => t.CreatedAt).ToList(), index.BadLines);
    }

    /// <summary>The tasks that the last part of the journal tells of, newest first: quick, however long the journal is.</summary>
    /// <param name="baseUri">The gateway.</param>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    public IReadOnlyList<MJTask> ReadEnd(Uri baseUri) =>
        ReadEndEntries(baseUri).Where(e => e.IsCreated).Select(e => e.ToTask()).Reverse().OrderByDescending(t => t.CreatedAt).ToList();

    private IEnumerable<JournalEntry> ReadEndEntries(Uri baseUri)
    {
        var address = SubmissionKey.AddressOf(baseUri);
        var index = new JournalIndex();
        try { index.AddLines(_file.ReadLast(EndBytes)); }
        catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
        return index.Entries.Where(e => e.BaseUri == address);
    }

    /// <summary>The tasks that the last part of the journal tells of, with when they were accepted.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal IEnumerable<(string Id, DateTimeOffset Accepted)> AcceptedLately(Uri baseUri) =>
        ReadEndEntries(baseUri).Where(e => e.AcceptedAt is not null && e.TaskId is not null).Select(e => (e.TaskId!, e.AcceptedAt!.Value));

    /// <summary>What is known of an earlier create of the same thing; null when none was made, or is under way just now.</summary>
    /// <param name="submission">What is to be made.</param>
    /// <param name="baseUri">The gateway.</param>
    /// <param name="redact">Takes the key out of JSON, as it is taken out of what is written; null where there is no key yet.</param>
    /// <exception cref="GatewayException">The file cannot be read, so nothing can be said.</exception>
    public SubmittedBefore? Find(MJSubmission submission, Uri baseUri, Func<byte[], byte[]>? redact = null)
    {
        var key = Describe(submission, baseUri, redact).Key;
        if (_underWay.ContainsKey(key)) return null;
        try { return _writer.Find(key); }
        catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
    }

    /// <summary>Writes down how a task ended, soon.</summary>
    /// <param name="task">A task that has ended.</param>
    /// <param name="baseUri">The gateway it is at.</param>
    public void NoteEnded(MJTask task, Uri baseUri) =>
        _ = _writer.AppendAsync(JournalFormat.Ended(SubmissionKey.AddressOf(baseUri), task, _time.GetUtcNow()));

    /// <summary>Waits, for half a second at most, until everything noted so far is in the file; what takes longer is written later.</summary>
    /// <param name="observer">Is warned, unless that has been said before, when it cannot be.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether there was no fault.</returns>
    public async Task<bool> FlushAsync(IGatewayObserver? observer = null, CancellationToken cancellationToken = default)
    {
        if (await _writer.FlushAsync(cancellationToken).ConfigureAwait(false) is not { } fault) return true;
        Warn(observer, fault);
        return false;
    }

    /// <summary>Begins the record of one create. Nothing is written before it is about to be sent.</summary>
    internal CreateRecord Begin(MJSubmission submission, Uri baseUri, DuplicatePolicy duplicates, IGatewayObserver? observer, Func<byte[], byte[]> redact) =>
        new(this, _writer, Describe(submission, baseUri, redact), duplicates, observer, _time);

    /// <summary>Waits while the same thing is being created by this process, then holds others back until the record is released.</summary>
    internal async Task ReserveAsync(string key, Task released, CancellationToken cancellationToken)
    {
        while (_underWay.GetOrAdd(key, released) is var other && other != released)
            await Task.WhenAny(other, Task.Delay(Timeout.Infinite, cancellationToken)).Unwrap().ConfigureAwait(false);
    }

    internal void Release(string key) => _underWay.TryRemove(key, out _);

    /// <summary>Says once that others can read the journal.</summary>
    internal void WarnOfMode(IGatewayObserver? observer)
    {
        if (observer is not null && ModeProblem is { } problem && Interlocked.Exchange(ref _warnedOfMode, 1) == 0) observer.Warn(problem);
    }

    /// <summary>Says once that the journal does not work; the creates go on.</summary>
    internal void Warn(IGatewayObserver? observer, Exception fault)
    {
        if (observer is not null && Interlocked.Exchange(ref _warned, 1) == 0) observer.Warn(Messages.JournalNotWritten(Path, fault.Message));
    }

    // A file that may not grow so long (EFBIG) is an argument out of range to .NET.
    internal static bool IsOfFile(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException or ArgumentOutOfRangeException;

    internal GatewayException NotRead(Exception e) => new(GatewayErrorKind.JournalUnavailable, Messages.JournalNotRead(Path, e.Message), e);

    private static JournalCreate Describe(MJSubmission submission, Uri baseUri, Func<byte[], byte[]>? redact = null)
    {
        var (parameters, source) = (JournalFormat.Parameters(submission), JournalFormat.Source(submission));
        if (redact is not null) (parameters, source) = (redact(parameters), source.Length == 0 ? source : redact(source));
        return new(Guid.NewGuid().ToString("N"), SubmissionKey.AddressOf(baseUri), submission.Model, parameters, source);
    }
}
