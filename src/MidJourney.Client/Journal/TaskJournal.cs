using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>
/// Remembers every create and what came of it, so that no work is paid twice and no task is lost when a process ends: in a
/// file of JSON Lines that several processes and threads may use at once, or in memory alone. It never holds the API key.
/// </summary>
/// <remarks>
/// What goes to the file goes through one queue: while one write is under way, the lines that come in wait for the next, so
/// that many creates share a write and a flush to the device. Two locks: <c>_files</c> for reading and writing the file,
/// never waited for by a thread that must not wait; <c>_lock</c> for what is in memory, never held while a file is used. The
/// index is changed under both, so that holding either is enough to read it. The lock of the file, which other processes respect,
/// is taken before the two.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle and a stream in memory hold nothing.")]
internal sealed class TaskJournal
{
    private const long DefaultMaxBytes = 64L * 1024 * 1024;
    private const int EndBytes = 256 * 1024, MaxUnwritten = 64 * 1024 * 1024;

    /// <summary>Writing takes milliseconds. What takes longer is a file that others hold, and then it is written later.</summary>
    private static readonly TimeSpan FlushPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>For so long the end of the process waits until the file has been made smaller.</summary>
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(10);

    /// <summary>How often the file is looked at for what another process writes.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly JournalFile? _file;
    private readonly TimeProvider _time;
    private readonly long _maxBytes;
    private readonly SemaphoreSlim _files = new(1, 1);
    private readonly object _lock = new();
    private readonly MemoryStream _unwritten = new();
    private List<Append> _queue = [];
    private bool _isWriting;
    private bool _isInMemory, _hasWritten;
    private JournalIndex _index = new();
    private TaskCompletionSource<bool> _changed = NewSignal();
    private Guid _salt;
    private byte[]? _identity;
    private byte[] _readEnd = [];
    private long _read;
    private long _compactAfter;
    private long _lastGlance;
    private bool _isLoaded;
    private string? _warning;
    private int _warned, _warnedOfMode, _warnedOfLines, _isCompacting;

    /// <param name="path">The file; its folder is made when the first line is written.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="maxBytes">The size above which the file is made smaller: of what has ended, one short line is kept.</param>
    public TaskJournal(string path, TimeProvider? time = null, long maxBytes = DefaultMaxBytes)
        : this(new JournalFile(System.IO.Path.GetFullPath(path)), time, maxBytes)
    {
    }

    internal TaskJournal(JournalFile? file, TimeProvider? time = null, long maxBytes = DefaultMaxBytes) =>
        (_file, _isInMemory, _time, _maxBytes, _compactAfter) = (file, file is null, time ?? TimeProvider.System, maxBytes, maxBytes);

    /// <summary>One that remembers for as long as it lives, and writes nothing.</summary>
    /// <param name="warning">Said once, when it is used; null for nothing.</param>
    /// <param name="time">The clock; null for the system's.</param>
    internal static TaskJournal InMemory(string? warning = null, TimeProvider? time = null) => new((JournalFile?)null, time) { _warning = warning };

    /// <summary>The file's full path; null where it is in memory.</summary>
    public string? Path => _file?.Path;

    /// <summary>The file's own path, whatever links lead to it; null where it is in memory.</summary>
    internal string? RealPath => _file?.RealPath;

    /// <summary>Why others can read the file, which could not be changed; null where they cannot.</summary>
    public string? ModeProblem => _file?.ModeProblem is { } cause ? ClientMessages.JournalOpenToOthers(Path!, cause) : null;

    /// <summary>What is known. Used under <see cref="Locked"/> alone.</summary>
    internal JournalIndex Index => _index;

    /// <summary>Held while the index is used; never while a file is read or written.</summary>
    internal object Locked => _lock;

    internal TimeProvider Time => _time;

    /// <summary>Whether lines are on their way into the file, or it is being made smaller.</summary>
    internal bool IsWriting
    {
        get { lock (_lock) return _isWriting || Volatile.Read(ref _isCompacting) == 1; }
    }

    /// <summary>Checks, without waiting, that the path can be a journal's.</summary>
    /// <exception cref="IOException">Something else is there: a folder, a pipe, a device.</exception>
    public void Check() => _file?.Check();

    /// <summary>Reads the file, so that what it says is known. Costs next to nothing where that was done before.</summary>
    /// <exception cref="GatewayException">It cannot be read, so nothing can be said of what was paid.</exception>
    internal async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_file is null) return;
        await _files.WaitAsync(cancellationToken).ConfigureAwait(false);
        try { Refresh(cancellationToken); }
        catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
        finally { _files.Release(); }
    }

    /// <summary>Reads the file beside what else is done, so that the first create need not wait for it. One that is long may not be needed at all.</summary>
    internal void LoadSoon()
    {
        if (_file is null || _isLoaded) return;
        System.Threading.Tasks.Task.Run(async () =>
        {
            try
            {
                if (_file.Length <= _maxBytes) await LoadAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is GatewayException || IsOfFile(e))
            {
                // The command that needs it says what is wrong with it.
            }
        });
    }

    /// <summary>Makes ready for creates: reads the file, and makes sure that it can be written.</summary>
    /// <param name="isRequired">Whether a file that cannot be used is an error, rather than a reason to remember in memory alone.</param>
    /// <param name="observer">Is warned, once.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="GatewayException">The journal cannot be used.</exception>
    internal async Task StartAsync(bool isRequired, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        if (_file is null && isRequired) throw new GatewayException(GatewayErrorKind.JournalUnavailable, ClientMessages.JournalMissing());
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        if (observer is not null && Interlocked.Exchange(ref _warning, null) is { } warning) observer.Warn(warning);
        // In memory the first line makes the salt.
        if (_file is null) await AppendAsync(new Append(default)).ConfigureAwait(false);
        if (_file is null || (_isInMemory && !isRequired)) return;
        var wasInMemory = _isInMemory;
        _isInMemory = false;
        if (await FaultAsync(cancellationToken).ConfigureAwait(false) is { } fault)
        {
            // A disk that is full and a lock that is held pass, and a journal that has worked must go on; what was paid meanwhile would not be known to anybody.
            _isInMemory = wasInMemory;
            if (isRequired || _hasWritten || IsPassing(fault)) throw NotUsable(fault);
            _isInMemory = true;
            if (!wasInMemory) observer?.Warn(ClientMessages.JournalInMemory(Path!, fault.Message));
        }
        int bad;
        lock (_lock) bad = _index.BadLines;
        if (bad > 0 && observer is not null && Interlocked.Exchange(ref _warnedOfLines, 1) == 0) observer.Warn(ClientMessages.JournalLinesUnread(bad, Path!));
        if (observer is not null && ModeProblem is { } problem && Interlocked.Exchange(ref _warnedOfMode, 1) == 0) observer.Warn(problem);
    }

    /// <summary>Why the file cannot be written; null when it can, as far as that is told without waiting for others.</summary>
    private async Task<Exception?> FaultAsync(CancellationToken cancellationToken)
    {
        bool isNew, isBehind;
        lock (_lock) (isNew, isBehind) = (_index.Salt == Guid.Empty || _identity is null, _unwritten.Length > 0);
        if (isNew) return (await AppendAsync(new Append(default)).OrCancelled(cancellationToken).ConfigureAwait(false)).Fault;
        // What the file has lost is for other processes to know soon; nobody waits for it.
        if (isBehind) _ = AppendAsync(new Append(default));
        await _files.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _file!.CheckWritable();
            return null;
        }
        catch (Exception e) when (IsOfFile(e)) { return e; }
        finally { _files.Release(); }
    }

    /// <summary>The account of a key in this journal, where it has no name.</summary>
    /// <param name="fingerprint">Makes a fingerprint of the key and a salt.</param>
    /// <returns>The fingerprint; null while the journal has no salt.</returns>
    internal string? AccountOf(Func<Guid, string> fingerprint)
    {
        lock (_lock) return Salt == Guid.Empty ? null : fingerprint(Salt);
    }

    /// <summary>What the journal holds of one gateway, newest first, with the number of lines that could not be read.</summary>
    /// <param name="baseUri">The gateway.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal async Task<(IReadOnlyList<MJTask> Tasks, int BadLines)> ReadAsync(Uri baseUri, CancellationToken cancellationToken = default)
    {
        await FlushAsync(null, cancellationToken).ConfigureAwait(false);
        await _files.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The lines are read from the file that the index is of: another process may put a smaller one in its place.
            using var file = OpenIfThere();
            Refresh(file, cancellationToken);
            return (List(_index, SubmissionKey.AddressOf(baseUri), at => LineAt(file, at)), _index.BadLines);
        }
        catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
        finally { _files.Release(); }
    }

    /// <summary>The tasks that the last part of the journal tells of, newest first: quick, however long the journal is.</summary>
    /// <param name="baseUri">The gateway.</param>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal IReadOnlyList<MJTask> ReadEnd(Uri baseUri)
    {
        var index = EndOf(out var file);
        using (file)
        {
            try { return List(index, SubmissionKey.AddressOf(baseUri), at => LineAt(file, at)); }
            catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
        }
    }

    /// <summary>The tasks that the last part of the journal tells of, with when they were accepted.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal IEnumerable<(string Id, DateTimeOffset Accepted)> AcceptedLately(Uri baseUri)
    {
        var (index, address) = (EndOf(out var file), SubmissionKey.AddressOf(baseUri));
        file?.Dispose();
        for (var i = 0; i < index.Count; i++)
            if (index[i].State is not (EntryState.None or EntryState.Sending or EntryState.Unknown) && index.NameAt(index[i].BaseUri) == address)
                yield return (JournalText.Utf8(index.TaskIdOf(index[i])), index[i].CreatedAt);
    }

    private JournalIndex EndOf(out FileStream? file)
    {
        var index = new JournalIndex();
        try
        {
            file = OpenIfThere();
            // The first line may be half a one.
            if (file is not null) JournalFile.ReadLines(file, Math.Max(0, file.Length - EndBytes), (line, at) => index.Add(line.Span, at));
            return index;
        }
        catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
    }

    /// <summary>Writes down how a task ended, soon.</summary>
    /// <param name="task">A task that has ended.</param>
    /// <param name="baseUri">The gateway it is at.</param>
    public void NoteEnded(MJTask task, Uri baseUri) => _ = NoteEndedAsync(task, baseUri);

    internal Task NoteEndedAsync(MJTask task, Uri baseUri, string? name = null) =>
        AppendAsync(new Append(JournalText.Ended(SubmissionKey.AddressOf(baseUri), task, _time.GetUtcNow(), name)));

    /// <summary>Writes down that the gateway does not know a task any more, so that it never keeps work from being made.</summary>
    internal Task NoteGoneAsync(string taskId, Uri baseUri, string? account, string? name = null) =>
        AppendAsync(new Append(JournalText.Gone(SubmissionKey.AddressOf(baseUri), account, taskId, _time.GetUtcNow(), name)));

    /// <summary>Waits, for half a second at most, until everything noted so far is in the file; what takes longer is written later.</summary>
    /// <param name="observer">Is warned, unless that has been said before, when it cannot be.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether there was no fault.</returns>
    public async Task<bool> FlushAsync(IGatewayObserver? observer = null, CancellationToken cancellationToken = default)
    {
        if (_isInMemory) return true;
        lock (_lock)
            if (!_isWriting && _unwritten.Length == 0) return true;
        var flushed = AppendAsync(new Append(default));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await System.Threading.Tasks.Task.WhenAny(flushed, System.Threading.Tasks.Task.Delay(FlushPatience, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        if (first != flushed || (await flushed.ConfigureAwait(false)).Fault is not { } fault) return true;
        Warn(observer, fault);
        return false;
    }

    /// <summary>Writes a claim, unless what is there by then decides otherwise, and has the device keep it.</summary>
    /// <param name="line">The claim.</param>
    /// <param name="mayMake">Asked under the lock of the file, when all that others wrote is known.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="GatewayException">It could not be.</exception>
    internal async Task<bool> ClaimAsync(Func<byte[]> line, Func<bool> mayMake)
    {
        var done = await AppendAsync(new Append(default) { Claim = line, MayMake = mayMake }).ConfigureAwait(false);
        return done.Fault is { } fault ? throw NotUsable(fault) : done.IsWritten;
    }

    /// <summary>Writes a line about a create of this process. Where it cannot be written now it is kept, known, and written later.</summary>
    internal async Task WriteAsync(byte[] line, IGatewayObserver? observer)
    {
        if ((await AppendAsync(new Append(line)).ConfigureAwait(false)).Fault is { } fault) Warn(observer, fault);
    }

    /// <summary>Ends with the next change. Taken under <see cref="Locked"/>, together with what is known until then.</summary>
    internal Task Changed => _changed.Task;

    /// <summary>Waits until something has changed, in this process or in the file.</summary>
    /// <param name="changed">What <see cref="Changed"/> was when what is known was looked at.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    internal async Task ChangedAsync(Task changed, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await System.Threading.Tasks.Task.WhenAny(changed, _time.Delay(Glance, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
        if (_file is null || _time.GetElapsedTime(Interlocked.Read(ref _lastGlance)) < Glance) return;
        Interlocked.Exchange(ref _lastGlance, _time.GetTimestamp());
        await LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A task as it was last seen; null where the entry is there no more.</summary>
    /// <param name="work">What it is of.</param>
    /// <param name="name">The create.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    internal async Task<MJTask?> TaskOfAsync(Guid work, Guid name, CancellationToken cancellationToken)
    {
        await _files.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var file = OpenIfThere();
            Refresh(file, cancellationToken);
            // The index is changed only while the files are held, so that its lock need not be held while they are read.
            return _index.Find(work, name) is >= 0 and var i ? TaskOf(_index, i, at => LineAt(file, at)) : null;
        }
        catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
        finally { _files.Release(); }
    }

    /// <summary>What is known of one create, whatever came of it; null where it is not there.</summary>
    /// <param name="find">Finds its entry; -1 for none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal async Task<KnownCreate?> FindAsync(Func<JournalIndex, int> find, CancellationToken cancellationToken)
    {
        await _files.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var file = OpenIfThere();
            Refresh(file, cancellationToken);
            if (find(_index) is not (>= 0 and var i)) return null;
            if (!JournalLine.TryParse(LineAt(file, _index[i].At), out var line) || line.Ref != _index[i].Ref) line = default;
            return new KnownCreate(CreateOf(_index, _index[i], line), TaskOf(_index, i, at => LineAt(file, at)), _index[i].CreatedAt, _index.Attempts(i));
        }
        catch (Exception e) when (IsOfFile(e)) { throw NotRead(e); }
        finally { _files.Release(); }
    }

    /// <summary>Whether the outcome of a create can be settled, as far as is known.</summary>
    /// <param name="name">The create.</param>
    /// <param name="taskId">The task that it is to have made; null where it is to have made none.</param>
    internal SettleResult CanSettle(Guid name, string? taskId)
    {
        lock (_lock)
        {
            var i = _index.FindOpen(name);
            if (i < 0) return _index.FindByName(name) < 0 ? SettleResult.NotThere : SettleResult.NotUnknown;
            if (_index[i].State == EntryState.Sending && _index.ClaimOf(i)?.By?.HasEnded() == false) return SettleResult.BeingSent;
            var isTaken = taskId is not null && _index.Find(_index.NameAt(_index[i].BaseUri), System.Text.Encoding.UTF8.GetBytes(taskId)) >= 0;
            return isTaken ? SettleResult.TaskTaken : SettleResult.Settled;
        }
    }

    /// <summary>Settles the outcome of a create, on the device, unless what is there by then forbids it.</summary>
    /// <param name="name">The create.</param>
    /// <param name="taskId">The task that it made; null where it made none.</param>
    /// <param name="line">What is written down.</param>
    /// <exception cref="GatewayException">It could not be written, so its outcome is still unknown.</exception>
    internal async Task<SettleResult> SettleAsync(Guid name, string? taskId, byte[] line)
    {
        var result = SettleResult.Settled;
        var done = await AppendAsync(new Append(line) { IsSettlement = true, MayMake = () => (result = CanSettle(name, taskId)) == SettleResult.Settled }).ConfigureAwait(false);
        return done.Fault is { } fault ? throw new GatewayException(GatewayErrorKind.JournalUnavailable, ClientMessages.OutcomeNotRecorded(Path!, fault.Message), fault) : result;
    }

    /// <summary>Says once that the journal does not work; what was made goes on.</summary>
    internal void Warn(IGatewayObserver? observer, Exception fault)
    {
        if (observer is not null && Interlocked.Exchange(ref _warned, 1) == 0) observer.Warn(ClientMessages.JournalNotWritten(Path!, fault.Message));
    }

    private static bool IsOfFile(Exception e) => FileErrors.Is(e);

    internal GatewayException NotRead(Exception e) => new(GatewayErrorKind.JournalUnavailable, ClientMessages.JournalNotRead(Path!, e.Message), e);

    private GatewayException NotUsable(Exception e) => new(GatewayErrorKind.JournalUnavailable, ClientMessages.JournalNotUsable(Path!, e.Message), e);

    /// <summary>Full disks and quotas get room again, and locks are given back.</summary>
    private static bool IsPassing(Exception e) => e is IOException and not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException)
        && ((e.InnerException as IOException)?.HResult ?? e.HResult) is 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027) or unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;

    /// <summary>What fingerprints of keys are made with: the file's, or what it had when it was taken away.</summary>
    private Guid Salt => _index.Salt == Guid.Empty ? _salt : _index.Salt;

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FileStream? OpenIfThere()
    {
        try { return _file?.OpenToRead(); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    private byte[] LineAt(Stream? file, long at) => at >= 0
        ? file is null ? [] : JournalFile.ReadLine(file, at)
        : JournalFile.ReadLine(new MemoryStream(_unwritten.GetBuffer(), 0, (int)_unwritten.Length), ~at);

    private static List<MJTask> List(JournalIndex index, string address, Func<long, byte[]> lineAt)
    {
        var tasks = new List<MJTask>();
        for (var i = index.Count - 1; i >= 0; i--)
        {
            if (index[i].State == EntryState.None || index.NameAt(index[i].BaseUri) != address) continue;
            // What a living process sends just now is no news yet.
            if (index[i].State == EntryState.Sending && index.ClaimOf(i)?.By?.HasEnded() == false) continue;
            tasks.Add(TaskOf(index, i, lineAt));
        }
        return [.. tasks.OrderByDescending(t => t.CreatedAt)];
    }

    private static JournalCreate CreateOf(JournalIndex index, in JournalEntry entry, in JournalLine line) => new(
        entry.Ref.ToString("N"), entry.Work, index.NameAt(entry.BaseUri), entry.Account == 0 ? null : index.NameAt(entry.Account), index.NameAt(entry.Model),
        line.Parameters.ToArray(), line.Source.ToArray());

    private static MJTask TaskOf(JournalIndex index, int i, Func<long, byte[]> lineAt)
    {
        var entry = index[i];
        var id = JournalText.Utf8(index.TaskIdOf(entry));
        var task = new MJTask { Id = id, Model = index.NameAt(entry.Model) };
        try
        {
            var first = lineAt(entry.At);
            var last = entry.EndAt == entry.At ? first : lineAt(entry.EndAt);
            if (JournalLine.TryParse(first, out var create) && create.Ref == entry.Ref)
            {
                if (JournalLine.TryParse(last, out var end) && (end.Ref == entry.Ref || end.TaskId.SequenceEqual(index.TaskIdOf(entry))) && TaskReader.TryParse(end.Task.ToArray(), out var wire)) task = TaskReader.Read(wire, id);
                task = SubmissionFields.Add(task, index.NameAt(entry.Model), create.Parameters.ToArray(), create.Source.ToArray());
            }
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException or FormatException or ArgumentException or OverflowException)
        {
            // Whatever else its lines say: the task is there, and paid.
        }
        return task with
        {
            Status = entry.State switch
            {
                EntryState.Sending or EntryState.Unknown => MJTaskStatus.OutcomeUnknown,
                EntryState.Completed => MJTaskStatus.Completed,
                EntryState.Failed or EntryState.ContentRefused => task.Status == MJTaskStatus.Cancelled ? task.Status : MJTaskStatus.Failed,
                EntryState.Gone => MJTaskStatus.Unknown,
                _ => task.Status == MJTaskStatus.Unknown ? MJTaskStatus.Pending : task.Status,
            },
            CreatedAt = task.CreatedAt ?? entry.CreatedAt,
            BaseUri = index.NameAt(entry.BaseUri),
            Account = entry.Account == 0 ? null : index.NameAt(entry.Account),
            SubmissionId = entry.IsOpen ? entry.Ref.ToString("N") : null,
            Raw = null,
        };
    }

    private Task<Appended> AppendAsync(Append append)
    {
        lock (_lock)
        {
            _queue.Add(append);
            if (_isWriting) return append.Done.Task;
            _isWriting = true;
        }
        // After what is queued already, so that most of what that has to say goes into the same write.
        ThreadPool.UnsafeQueueUserWorkItem(static journal => _ = ((TaskJournal)journal!).WriteQueuedAsync(), this);
        return append.Done.Task;
    }

    private async Task WriteQueuedAsync()
    {
        while (true)
        {
            List<Append> batch;
            lock (_lock)
            {
                if (_queue.Count == 0)
                {
                    _isWriting = false;
                    return;
                }
                (batch, _queue) = (_queue, []);
            }
            var (held, fault) = await TryLockAsync().ConfigureAwait(false);
            await _files.WaitAsync().ConfigureAwait(false);
            try
            {
                if (fault is not null) Keep(batch);
                else if (held is null) Remember(batch);
                else Write(batch, held!);
            }
            catch (Exception e)
            {
                fault = e;
                Keep(batch);
            }
            finally
            {
                _files.Release();
                held?.Dispose();
            }
            foreach (var append in batch) append.Done.SetResult(new Appended(append.IsWritten && fault is null, fault));
            Signal();
            if (fault is null && !_isInMemory) CompactIfLong();
        }
    }

    private void Signal()
    {
        TaskCompletionSource<bool> changed;
        lock (_lock) (changed, _changed) = (_changed, NewSignal());
        changed.TrySetResult(true);
    }

    /// <summary>Takes lines in without a file.</summary>
    private void Remember(List<Append> batch)
    {
        lock (_lock)
        {
            if (Salt == Guid.Empty) _salt = Guid.NewGuid();
            foreach (var append in batch)
            {
                if (append.MayMake is { } mayMake && !mayMake()) continue;
                (append.IsWritten, append.IsTaken) = (true, true);
                Keep(append.Claim?.Invoke() ?? append.Line);
            }
        }
    }

    /// <summary>
    /// Keeps what could not be written: without the file, what this process knows by itself still keeps it from making a thing
    /// twice. What was to be claimed is not: what stands in the file of it may be gone tomorrow, so nothing is sent on its strength.
    /// </summary>
    private void Keep(List<Append> batch)
    {
        lock (_lock)
        {
            foreach (var append in batch)
            {
                if (append.Ref is { } name) Keep(JournalText.NotMade(name, null, _time.GetUtcNow()));
                else if (append.Claim is null && !append.IsTaken && !append.IsSettlement) Keep(append.Line);
            }
        }
    }

    private void Keep(byte[]? line)
    {
        if (line is null || (!_isInMemory && _unwritten.Length + line.Length > MaxUnwritten)) return;
        var at = ~_unwritten.Length;
        _unwritten.Write(line, 0, line.Length);
        _index.Add(TrimEnd(line), at, isOwn: true);
    }

    private static ReadOnlySpan<byte> TrimEnd(byte[] line) => line.AsSpan(0, line.Length - 1);

    /// <summary>Before the files are taken: other processes may hold the lock for long, and what is only read needs none.</summary>
    private async Task<(IDisposable? Held, Exception? Fault)> TryLockAsync()
    {
        if (_isInMemory) return default;
        try { return (await _file!.LockAsync().ConfigureAwait(false), null); }
        catch (Exception e) { return (null, e); }
    }

    private void Write(List<Append> batch, IDisposable held)
    {
        using var file = _file!.OpenToAppend();
        Refresh(file, CancellationToken.None);
        var isWritten = Write(file, batch);
        _hasWritten = true;
        // Others can go on while the device takes it.
        held.Dispose();
        if (isWritten) file.Flush(flushToDisk: true);
    }

    /// <returns>Whether anything was written.</returns>
    private bool Write(FileStream file, List<Append> batch)
    {
        var before = file.Length;
        var isTorn = before > 0 && LastByte(file) != '\n';
        using var text = new MemoryStream();
        try
        {
            lock (_lock) PutAll();
            if (text.Length == 0) return false;
            file.Seek(0, SeekOrigin.End);
            file.Write(text.GetBuffer(), 0, (int)text.Length);
        }
        catch
        {
            TakeBack(file, before, batch);
            throw;
        }
        if (before == 0)
        {
            _file!.FlushFolder();
            _identity = null;
        }
        (_read, _readEnd) = (before + text.Length, JournalFile.EndOf(text.GetBuffer().AsSpan(0, (int)text.Length)));
        lock (_lock) _unwritten.SetLength(0);
        if (_identity is null) _identity = JournalFile.IdentityOf(file);
        return true;

        void PutAll()
        {
            if (before == 0 || _index.Salt == Guid.Empty) Put(JournalText.Header(Salt == Guid.Empty ? Guid.NewGuid() : Salt, 0, _time.GetUtcNow()), isOwn: false);
            if (_unwritten.Length > 0) JournalFile.ReadLines(_unwritten, 0, (line, _) => Put([.. line.ToArray(), (byte)'\n'], isOwn: true));
            foreach (var append in batch)
            {
                if (append.MayMake is { } mayMake && !mayMake()) continue;
                append.IsWritten = true;
                if ((append.Claim?.Invoke() ?? append.Line) is not { } line) continue;
                append.IsTaken = true;
                if (append.Claim is not null && JournalLine.TryParse(TrimEnd(line), out var claim)) append.Ref = claim.RefText;
                Put(line, isOwn: true);
            }
        }

        void Put(byte[] line, bool isOwn)
        {
            if (isTorn && text.Length == 0) text.WriteByte((byte)'\n');
            _index.Add(TrimEnd(line), before + text.Length, isOwn);
            text.Write(line, 0, line.Length);
        }
    }

    /// <summary>What did not fit is taken out again.</summary>
    private void TakeBack(FileStream file, long before, List<Append> batch)
    {
        // Others may have read up to here by now, and go on from there: the file should not grow smaller.
        if (before == 0 || !TryBlank(file, before))
        {
            try { file.SetLength(before); }
            catch (Exception e) when (IsOfFile(e))
            {
                // The next append ends the incomplete line first.
            }
        }
        // The index says of some lines that they stand where they do not.
        _identity = null;
        foreach (var append in batch) append.IsTaken = false;
    }

    private static bool TryBlank(FileStream file, long from)
    {
        try
        {
            var blank = new byte[file.Length - from];
            blank.AsSpan().Fill((byte)'\n');
            file.Seek(from, SeekOrigin.Begin);
            file.Write(blank, 0, blank.Length);
            return true;
        }
        catch (Exception e) when (IsOfFile(e))
        {
            // Some file systems need room for that, too.
            return false;
        }
    }

    private static int LastByte(FileStream file)
    {
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte();
    }

    private bool IsSame(Stream file) => _identity is not null && JournalFile.IdentityOf(file).AsSpan().SequenceEqual(_identity) && file.Length >= _read
        && JournalFile.EndOf(file, _read, _readEnd.Length).AsSpan().SequenceEqual(_readEnd);

    /// <summary>Takes in what others wrote since the last time.</summary>
    private void Refresh(CancellationToken cancellationToken)
    {
        using var file = OpenIfThere();
        Refresh(file, cancellationToken);
    }

    private void Refresh(FileStream? file, CancellationToken cancellationToken)
    {
        if (_file is null) return;
        if (_isLoaded && _read == 0 && _identity is null && file is null or { Length: 0 }) return;
        if (file is not null && IsSame(file))
        {
            if (file.Length == _read) return;
            var lines = new List<(byte[] Text, long At)>();
            var end = JournalFile.ReadLines(file, _read, (line, at) => lines.Add((line.ToArray(), at)));
            lock (_lock)
                foreach (var (text, at) in lines) _index.Add(text, at);
            (_read, _readEnd) = (end, JournalFile.EndOf(file, end));
            if (lines.Count > 0) Signal();
            return;
        }
        var index = new JournalIndex();
        var read = 0L;
        if (file is not null)
        {
            read = JournalFile.ReadLines(file, 0, (line, at) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                index.Add(line.Span, at);
            });
            // A file that begins as a line does is a journal, even if the process that wrote it ended within the line.
            if (!index.HasGoodLine && !IsBlankOrTorn(file)) throw new IOException(ClientMessages.NotAJournal());
        }
        var (identity, readEnd) = file is null ? (null, []) : (JournalFile.IdentityOf(file), JournalFile.EndOf(file, read));
        lock (_lock) TakeOver(index);
        (_identity, _read, _readEnd, _isLoaded) = (identity is { Length: 0 } ? null : identity, read, readEnd, true);
        Signal();
    }

    /// <summary>The new index, with what this process made and the file has lost: it may have been deleted, or another put in its place.</summary>
    private void TakeOver(JournalIndex index)
    {
        var (old, unwritten) = (_index, _unwritten.ToArray());
        // Fingerprints by another salt name no account; what has none belongs to every account.
        var isSameSalt = index.Salt == Guid.Empty || index.Salt == Salt;
        _salt = Salt;
        _index = index;
        _unwritten.SetLength(0);
        JournalFile.ReadLines(new MemoryStream(unwritten), 0, (line, _) => Keep([.. line.ToArray(), (byte)'\n']));
        var own = new Dictionary<Guid, int>();
        for (var i = 0; i < old.Count; i++)
            if (old[i].IsOwn) own[old[i].Ref] = i;
        for (var i = 0; i < index.Count && own.Count > 0; i++)
        {
            if (!own.TryGetValue(index[i].Ref, out var known)) continue;
            index[i].IsOwn = true;
            // An older copy of the file may not tell yet what came of it.
            if (!index[i].IsOpen || old[known].IsOpen) own.Remove(index[i].Ref);
        }
        var lost = 0;
        for (var i = 0; i < old.Count && own.Count > 0; i++)
        {
            ref var entry = ref old[i];
            if (!own.TryGetValue(entry.Ref, out var last) || last != i) continue;
            if (entry.State is EntryState.None or EntryState.Gone)
            {
                if (index.FindOpen(entry.Ref) >= 0) Keep(JournalText.NotMade(entry.Ref.ToString("N"), null, _time.GetUtcNow()));
                continue;
            }
            Keep(LineOf(old, i, isSameSalt));
            lost++;
        }
        if (lost > 0) _warning = ClientMessages.JournalDeleted(Path!, lost);
    }

    /// <summary>What is known of a create without its line.</summary>
    internal static byte[] LineOf(JournalIndex index, int i, bool withAccount)
    {
        var entry = index[i];
        var account = entry.Account == 0 || !withAccount ? null : index.NameAt(entry.Account);
        var create = new JournalCreate(entry.Ref.ToString("N"), entry.Work, index.NameAt(entry.BaseUri), account, index.NameAt(entry.Model), "{}"u8.ToArray(), []);
        if (entry.State == EntryState.Sending) return JournalText.Submitting(create, null, entry.CreatedAt);
        var id = JournalText.Utf8(index.TaskIdOf(entry));
        if (entry.State == EntryState.Unknown)
            return JournalText.Unknown(create, new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, ClientMessages.JournalDeletedInUse()) { ProbableTaskId = id.Length > 0 ? id : null }, entry.CreatedAt);
        var task = new MJTask { Id = id, Status = MJTaskStatus.Pending };
        return entry.HasEnded ? JournalText.Short(create, task, entry.State, entry.CreatedAt, entry.Since) : JournalText.Created(create, task, entry.CreatedAt);
    }

    private static bool IsBlankOrTorn(Stream file)
    {
        if (file.Length > 64 * 1024) return false;
        file.Seek(0, SeekOrigin.Begin);
        var text = new byte[file.Length];
        for (int count = 0, read; count < text.Length && (read = file.Read(text, count, text.Length - count)) > 0; count += read)
        {
        }
        return text.AsSpan().LastIndexOf("{\"v\":"u8) == 0 || Array.TrueForAll(text, b => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');
    }

    private bool IsLong => _read > Math.Max(_compactAfter, 2 * _index.Compacted);

    /// <summary>Makes the file smaller beside what else is done.</summary>
    private void CompactIfLong()
    {
        if (IsLong && Interlocked.Exchange(ref _isCompacting, 1) == 0) _ = System.Threading.Tasks.Task.Run(CompactAsync);
    }

    private async Task CompactAsync()
    {
        FileStream? file = null, next = null;
        var ended = new TaskCompletionSource<bool>();
        // A script may end sooner than this; if it did each time, the file would grow for ever.
        EventHandler atExit = (_, _) => ended.Task.Wait(ExitPatience);
        AppDomain.CurrentDomain.ProcessExit += atExit;
        try
        {
            var compaction = await AloneAsync(() =>
            {
                Refresh(CancellationToken.None);
                if (!IsLong) return null;
                (file, next) = (_file!.OpenToRead(), _file.OpenNext());
                return new JournalCompaction(_index, _lock, file, next, _read);
            }).ConfigureAwait(false);
            if (compaction is null) return;
            compaction.CopyBody(_time.GetUtcNow());
            await AloneAsync(() =>
            {
                Refresh(CancellationToken.None);
                // It is another file by now.
                if (_index != compaction.Index) return null;
                compaction.CopyTail(_read, _time.GetUtcNow());
                var written = next!;
                next = null;
                _file!.PutInPlace(written);
                compaction.MoveIndex();
                (_identity, _read, _readEnd, _compactAfter) = (compaction.Identity, compaction.Length, compaction.End, _maxBytes);
                return compaction;
            }).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Somebody reads it just now, or the disk is full: it goes on growing until the next time. Whatever it is, what waits to be written goes on.
            _compactAfter = _read + _maxBytes / 4;
        }
        finally
        {
            if (next is not null) _file!.Drop(next);
            file?.Dispose();
            Interlocked.Exchange(ref _isCompacting, 0);
            ended.SetResult(true);
            AppDomain.CurrentDomain.ProcessExit -= atExit;
        }
    }

    /// <summary>Does something while nobody else writes.</summary>
    private async Task<T> AloneAsync<T>(Func<T> action)
    {
        using (await _file!.LockAsync().ConfigureAwait(false))
        {
            await _files.WaitAsync().ConfigureAwait(false);
            try { return action(); }
            finally { _files.Release(); }
        }
    }

    /// <summary>A line on its way into the journal.</summary>
    private sealed class Append(byte[]? line)
    {
        /// <summary>The line; null for one that only asks whether the file can be written.</summary>
        public byte[]? Line { get; } = line;

        /// <summary>Makes the line of a claim, once it may be made.</summary>
        public Func<byte[]>? Claim { get; init; }

        public Func<bool>? MayMake { get; init; }

        /// <summary>What the user decided counts only once it is written.</summary>
        public bool IsSettlement { get; init; }

        /// <summary>The create that is claimed.</summary>
        public string? Ref { get; set; }

        public bool IsWritten { get; set; }

        /// <summary>The index has it.</summary>
        public bool IsTaken { get; set; }

        public TaskCompletionSource<Appended> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly record struct Appended(bool IsWritten, Exception? Fault);
}
