using System.Diagnostics.CodeAnalysis;
using MidJourney.Pricing;

namespace MidJourney.Journal;

/// <summary>Whether the outcome of a create can be settled.</summary>
internal enum SettleResult
{
    /// <summary>It can be, or was.</summary>
    Settled,

    /// <summary>The journal has no such create.</summary>
    NotThere,

    /// <summary>Its outcome is known.</summary>
    NotUnknown,

    /// <summary>A living process is sending it, and will record the outcome.</summary>
    BeingSent,

    /// <summary>Another create made the task.</summary>
    TaskTaken,
}

/// <summary>
/// Records every create and its outcome, so that no work is paid twice, and no task is lost when a process ends: in a file that several processes
/// and threads can use at the same time, or in memory alone. It never contains the API key.
/// </summary>
/// <remarks>
/// All writes go through one queue: lines that come in during a write wait for the next one, so that many creates share a write and a flush to the device.
/// There are three locks, taken in this order: the lock of the file, which other processes respect; <c>_access</c>, for reading and writing the file, for which no
/// thread waits that must not wait; and <see cref="SyncRoot"/>, for what is in memory.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds no resources.")]
internal sealed class TaskJournal
{
    private const long DefaultMaxBytes = 64L * 1024 * 1024;
    private const int RecentBytes = 256 * 1024;

    /// <summary>A write takes milliseconds. If it takes longer, others hold the file, and the lines are written later.</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the file is checked for what other processes write.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);

    private readonly JournalFile? _file;
    private readonly JournalStore _store;
    private readonly JournalCompactor? _compactor;
    private readonly long _maxBytes;
    private readonly SemaphoreSlim _access = new(1, 1);
    private List<JournalAppend> _queue = [];
    private bool _isWriting;
    private long _lastCheck;
    private int _warnedOfWrite, _warnedOfMode, _warnedOfLines;

    public TaskJournal(string path, TimeProvider? time = null, long maxBytes = DefaultMaxBytes)
        : this(new JournalFile(System.IO.Path.GetFullPath(path)), time, maxBytes)
    {
    }

    internal TaskJournal(JournalFile? file, TimeProvider? time = null, long maxBytes = DefaultMaxBytes)
    {
        (_file, Time, _maxBytes) = (file, time ?? TimeProvider.System, maxBytes);
        _store = new JournalStore(file, Time);
        if (file is not null) _compactor = new JournalCompactor(file, _store, Time, maxBytes, action => ExclusiveAsync(_ => action()));
    }

    /// <summary>A journal without a file. The warning is shown once, when the journal is used.</summary>
    internal static TaskJournal InMemory(string? warning = null, TimeProvider? time = null)
    {
        var journal = new TaskJournal((JournalFile?)null, time) { WhyInMemory = warning };
        journal._store.WarnLater(warning);
        return journal;
    }

    /// <summary>The full path of the file; null if the journal is in memory.</summary>
    public string? Path => _file?.Path;

    /// <summary>Why there is no file; null if there is one, and if none is wanted.</summary>
    public string? WhyInMemory { get; private init; }

    /// <summary>The path of the file without symbolic links; null if the journal is in memory.</summary>
    internal string? RealPath => _file?.RealPath;

    /// <summary>Why others can still read the file; null if they cannot.</summary>
    public string? ModeProblem => _file?.ModeProblem is { } cause ? ClientMessages.JournalOpenToOthers(Path!, cause) : null;

    internal TimeProvider Time { get; }

    /// <summary>What is known; used only under <see cref="SyncRoot"/>.</summary>
    internal JournalIndex Index => _store.Index;

    /// <summary>Held while the index is used; never while the file is read or written.</summary>
    internal object SyncRoot => _store.SyncRoot;

    /// <inheritdoc cref="JournalStore.Changed"/>
    internal Task Changed => _store.Changed;

    /// <summary>Whether lines are being written, or the file is being compacted.</summary>
    internal bool IsWriting
    {
        get { lock (SyncRoot) return _isWriting || _compactor is { IsRunning: true }; }
    }

    /// <summary>Checks, without waiting, that the path can be a journal.</summary>
    /// <exception cref="IOException">It is a folder, a pipe or a device.</exception>
    public void Check() => _file?.Check();

    /// <summary>Prepares for creates: reads the file, and checks that it can be written.</summary>
    /// <exception cref="GatewayException">The file cannot be used. If it is not required, the journal is kept in memory instead, unless the problem is temporary.</exception>
    internal async Task StartAsync(bool isRequired, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        if (_file is null && isRequired) throw new GatewayException(GatewayErrorKind.JournalUnavailable, ClientMessages.JournalMissing());
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        if (observer is not null && _store.TakeWarning() is { } warning) observer.Warn(warning);
        // In memory, the first line creates the salt.
        if (_file is null) await AppendAsync(new JournalAppend()).ConfigureAwait(false);
        if (_file is null || (_store.IsInMemory && !isRequired)) return;
        await UseFileAsync(isRequired, observer, cancellationToken).ConfigureAwait(false);
        int bad;
        lock (SyncRoot) bad = Index.BadLines;
        if (bad > 0) WarnOnce(observer, ref _warnedOfLines, ClientMessages.JournalLinesUnread(bad, Path!));
        if (ModeProblem is { } problem) WarnOnce(observer, ref _warnedOfMode, problem);
    }

    /// <summary>Checks that the file can be read and written, without writing a line, and without waiting for other processes.</summary>
    /// <returns>The number of unreadable lines.</returns>
    /// <exception cref="GatewayException">It cannot be read or written.</exception>
    internal async Task<int> CheckUsableAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        await _access.WaitAsync(cancellationToken).ConfigureAwait(false);
        try { _file?.CheckUsable(); }
        catch (Exception e) when (FileErrors.Is(e)) { throw NotUsable(e); }
        finally { _access.Release(); }
        lock (SyncRoot) return Index.BadLines;
    }

    private async Task UseFileAsync(bool isRequired, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        var wasInMemory = _store.IsInMemory;
        _store.IsInMemory = false;
        if (await FaultAsync(cancellationToken).ConfigureAwait(false) is not { } fault) return;
        _store.IsInMemory = wasInMemory;
        // A full disk or a held lock is temporary. A journal that has worked must continue: no other process would know what was paid in the meantime.
        if (isRequired || _store.HasWritten || IsTemporary(fault)) throw NotUsable(fault);
        _store.IsInMemory = true;
        if (!wasInMemory) observer?.Warn(ClientMessages.JournalInMemory(Path!, fault.Message));
    }

    /// <summary>Why the file cannot be written; null if it can, as far as that can be determined without waiting for others.</summary>
    private async Task<Exception?> FaultAsync(CancellationToken cancellationToken)
    {
        bool isNew, hasPending;
        lock (SyncRoot) (isNew, hasPending) = (_store.IsNew, _store.HasPending);
        if (isNew) return (await AppendAsync(new JournalAppend()).OrCancelled(cancellationToken).ConfigureAwait(false)).Fault;
        // Other processes should soon know what the file has lost, but nothing waits for that.
        if (hasPending) _ = AppendAsync(new JournalAppend());
        await _access.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _file!.CheckWritable();
            return null;
        }
        catch (Exception e) when (FileErrors.Is(e)) { return e; }
        finally { _access.Release(); }
    }

    /// <summary>The fingerprint of a key, made with the salt; null while the journal has no salt.</summary>
    internal string? AccountOf(Func<Guid, string> fingerprint)
    {
        lock (SyncRoot) return _store.Salt == Guid.Empty ? null : fingerprint(_store.Salt);
    }

    /// <summary>Reads the file, which takes almost no time if it was read before.</summary>
    /// <exception cref="GatewayException">The file cannot be read, so it is not known what was paid.</exception>
    internal Task LoadAsync(CancellationToken cancellationToken) => _file is null ? Task.CompletedTask : ReadAsync(_ => true, cancellationToken);

    /// <summary>Reads the file, if it was not read before, and what its tasks cost, for <see cref="PriceOf"/>.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal async Task LoadPricesAsync(CancellationToken cancellationToken)
    {
        await _access.WaitAsync(cancellationToken).ConfigureAwait(false);
        try { _store.AddPrices(); }
        finally { _access.Release(); }
        await LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What tasks of a kind have cost at a gateway; null if that is not known, or if <see cref="LoadPricesAsync"/> was not called.</summary>
    /// <param name="baseUri">The gateway.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="currency">Null for the one that was billed last.</param>
    internal PastPrice? PriceOf(Uri baseUri, WorkKind kind, string? currency = null)
    {
        lock (SyncRoot) return Index.Prices?.Of(SubmissionKey.AddressOf(baseUri), kind, currency);
    }

    /// <summary>Reads the file in the background, so that the first create need not wait for it; not a long file, which may never be needed.</summary>
    internal void LoadInBackground(bool withPrices)
    {
        if (_file is null || _store.IsLoaded) return;
        Task.Run(async () =>
        {
            try
            {
                if (_file.Length <= _maxBytes) await (withPrices ? LoadPricesAsync(CancellationToken.None) : LoadAsync(CancellationToken.None)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is GatewayException || FileErrors.Is(e))
            {
                // The command that needs the journal reports it.
            }
        });
    }

    /// <summary>All tasks of a gateway, newest first, and the number of unreadable lines.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal async Task<(IReadOnlyList<MJTask> Tasks, int BadLines)> ReadAsync(Uri baseUri, CancellationToken cancellationToken = default)
    {
        await FlushAsync(null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(reader => (reader.Tasks(baseUri), Index.BadLines), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A task as it was last seen; null if the entry no longer exists.</summary>
    internal Task<MJTask?> TaskOfAsync(Guid work, Guid name, CancellationToken cancellationToken) =>
        ReadAsync(reader => Index.Find(work, name) is >= 0 and var i ? reader.Task(i) : null, cancellationToken);

    /// <summary>A task of a gateway as it was last seen; null if there is no entry.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal Task<MJTask?> TaskOfAsync(Uri baseUri, string taskId, CancellationToken cancellationToken) =>
        ReadAsync(reader => Index.Find(SubmissionKey.AddressOf(baseUri), taskId) is >= 0 and var i ? reader.Task(i) : null, cancellationToken);

    /// <summary>Whether the part that is loaded has a task of a gateway.</summary>
    internal bool Contains(Uri baseUri, string taskId)
    {
        lock (SyncRoot) return Index.Find(SubmissionKey.AddressOf(baseUri), taskId) >= 0;
    }

    /// <summary>A create in any state; null if <paramref name="find"/> returns -1.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal Task<KnownCreate?> FindAsync(Func<JournalIndex, int> find, CancellationToken cancellationToken) =>
        ReadAsync(reader => find(Index) is >= 0 and var i ? reader.Create(i) : null, cancellationToken);

    private async Task<T> ReadAsync<T>(Func<JournalReader, T> read, CancellationToken cancellationToken)
    {
        await _access.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The lines are read from the file that the index describes, even if another process replaces it meanwhile.
            using var file = _store.Open();
            _store.Refresh(file, cancellationToken);
            return read(_store.Reader(file));
        }
        catch (Exception e) when (FileErrors.Is(e)) { throw NotRead(e); }
        finally { _access.Release(); }
    }

    /// <summary>The tasks in the last part of the file, newest first: fast, however long the file is.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal IReadOnlyList<MJTask> ReadEnd(Uri baseUri) => ReadEnd((index, file) => new JournalReader(index, at => JournalFile.ReadLine(file, at)).Tasks(baseUri)) ?? [];

    /// <summary>The tasks in the last part of the file, and when they were accepted.</summary>
    /// <exception cref="GatewayException">The file cannot be read.</exception>
    internal IEnumerable<(string Id, DateTimeOffset Accepted)> RecentlyAccepted(Uri baseUri)
    {
        var address = SubmissionKey.AddressOf(baseUri);
        return ReadEnd((index, _) => Enumerable.Range(0, index.Count).Where(i => !index[i].IsOpen && index[i].State != EntryState.None && index.NameAt(index[i].BaseUri) == address)
            .Select(i => (index.TaskIdOf(index[i]), index[i].CreatedAt)).ToArray()) ?? [];
    }

    private T? ReadEnd<T>(Func<JournalIndex, FileStream, T> read)
    {
        try
        {
            using var file = _store.Open();
            if (file is null) return default;
            var index = new JournalIndex();
            // The first line is probably incomplete.
            JournalFile.ReadLines(file, Math.Max(0, file.Length - RecentBytes), (line, at) => index.Add(line.Span, at));
            return read(index, file);
        }
        catch (Exception e) when (FileErrors.Is(e)) { throw NotRead(e); }
    }

    /// <summary>Waits until something has changed, in this process or in the file, since <see cref="Changed"/> was read.</summary>
    internal async Task WaitForChangeAsync(Task changed, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Time.Delay(CheckInterval, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
        if (_file is null || Time.GetElapsedTime(Interlocked.Read(ref _lastCheck)) < CheckInterval) return;
        Interlocked.Exchange(ref _lastCheck, Time.GetTimestamp());
        await LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a claim to the device if the condition is met under the lock of the file, when everything that others wrote is known.</summary>
    /// <returns>Whether the condition was met.</returns>
    /// <exception cref="GatewayException">It could not be written.</exception>
    internal async Task<bool> ClaimAsync(string name, Func<byte[]> line, Func<bool> condition)
    {
        var (isAllowed, fault) = await AppendAsync(new JournalAppend(line) { ClaimedRef = name, Condition = condition }).ConfigureAwait(false);
        return fault is null ? isAllowed : throw NotUsable(fault);
    }

    /// <summary>Writes a line about a create of this process. If it cannot be written now, it is kept in memory, and written later.</summary>
    internal async Task WriteAsync(byte[] line, IGatewayObserver? observer)
    {
        if ((await AppendAsync(line).ConfigureAwait(false)).Fault is { } fault) WarnOfWrite(observer, fault);
    }

    /// <summary>Records, soon, how a task ended.</summary>
    public void RecordEnded(MJTask task, Uri baseUri) => _ = RecordEndedAsync(task, baseUri);

    internal Task RecordEndedAsync(MJTask task, Uri baseUri, string? name = null) =>
        AppendAsync(JournalLineWriter.Ended(SubmissionKey.AddressOf(baseUri), task, Time.GetUtcNow(), name));

    /// <summary>Records that the gateway no longer has a task, so that it does not prevent the same work.</summary>
    internal Task RecordGoneAsync(string taskId, Uri baseUri, string? account, string? name = null) =>
        AppendAsync(JournalLineWriter.Gone(SubmissionKey.AddressOf(baseUri), account, taskId, Time.GetUtcNow(), name));

    /// <summary>Waits, for at most half a second, until everything recorded so far is in the file.</summary>
    /// <returns>Whether there was no fault.</returns>
    public async Task<bool> FlushAsync(IGatewayObserver? observer = null, CancellationToken cancellationToken = default)
    {
        if (_store.IsInMemory) return true;
        lock (SyncRoot)
            if (!_isWriting && !_store.HasPending) return true;
        var flushed = AppendAsync(new JournalAppend());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(flushed, Task.Delay(FlushTimeout, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        if (first != flushed || (await flushed.ConfigureAwait(false)).Fault is not { } fault) return true;
        WarnOfWrite(observer, fault);
        return false;
    }

    /// <summary>Whether it can be settled that a create made this task, or, with null, that it made none.</summary>
    internal SettleResult CanSettle(Guid name, string? taskId)
    {
        lock (SyncRoot)
        {
            var i = Index.FindOpen(name);
            if (i < 0) return Index.FindByName(name) < 0 ? SettleResult.NotThere : SettleResult.NotUnknown;
            if (Index.IsBeingSent(i)) return SettleResult.BeingSent;
            var isTaken = taskId is not null && Index.Find(Index.NameAt(Index[i].BaseUri), taskId) >= 0;
            return isTaken ? SettleResult.TaskTaken : SettleResult.Settled;
        }
    }

    /// <summary>Writes the outcome of a create to the device, unless it can no longer be settled.</summary>
    /// <exception cref="GatewayException">It could not be written, so the outcome is still unknown.</exception>
    internal async Task<SettleResult> SettleAsync(Guid name, string? taskId, byte[] line)
    {
        var result = SettleResult.Settled;
        var append = new JournalAppend(() => line) { IsSettlement = true, Condition = () => (result = CanSettle(name, taskId)) == SettleResult.Settled };
        return (await AppendAsync(append).ConfigureAwait(false)).Fault is { } fault
            ? throw new GatewayException(GatewayErrorKind.JournalUnavailable, ClientMessages.OutcomeNotRecorded(Path!, fault.Message), fault) : result;
    }

    private void WarnOfWrite(IGatewayObserver? observer, Exception fault) => WarnOnce(observer, ref _warnedOfWrite, ClientMessages.JournalNotWritten(Path!, fault.Message));

    private static void WarnOnce(IGatewayObserver? observer, ref int warned, string message)
    {
        if (observer is not null && Interlocked.Exchange(ref warned, 1) == 0) observer.Warn(message);
    }

    private GatewayException NotRead(Exception e) => new(GatewayErrorKind.JournalUnavailable, ClientMessages.JournalNotRead(Path!, e.Message), e);

    private GatewayException NotUsable(Exception e) => new(GatewayErrorKind.JournalUnavailable, ClientMessages.JournalNotUsable(Path!, e.Message), e);

    /// <summary>A full disk or quota, or a lock that another process holds.</summary>
    private static bool IsTemporary(Exception e) => e is IOException and not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException)
        && (e.InnerException as IOException ?? e) is IOException cause && (JournalLock.IsHeld(cause) || cause.HResult is 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027));

    private Task<(bool IsAllowed, Exception? Fault)> AppendAsync(byte[] line) => AppendAsync(new JournalAppend(() => line));

    private Task<(bool IsAllowed, Exception? Fault)> AppendAsync(JournalAppend append)
    {
        lock (SyncRoot)
        {
            _queue.Add(append);
            if (_isWriting) return append.Done.Task;
            _isWriting = true;
        }
        // After the work that is queued already, so that most of its lines share this write.
        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = WriteQueueAsync(), null);
        return append.Done.Task;
    }

    private async Task WriteQueueAsync()
    {
        while (true)
        {
            List<JournalAppend> batch;
            lock (SyncRoot)
            {
                _isWriting = _queue.Count > 0;
                if (!_isWriting) return;
                (batch, _queue) = (_queue, []);
            }
            Exception? fault = null;
            await ExclusiveAsync(held =>
            {
                if (held is null) _store.WriteToMemory(batch);
                else _store.Write(batch, held);
            }, e =>
            {
                fault = e;
                _store.KeepUnwritten(batch);
            }).ConfigureAwait(false);
            foreach (var append in batch) append.Done.SetResult((append.IsAllowed && fault is null, fault));
            _store.SignalChange();
            if (fault is null && !_store.IsInMemory) _compactor!.StartIfLong();
        }
    }

    /// <summary>Runs an action with exclusive access to the file. The lock is taken first, because others may hold it for long, and reading does not need it.</summary>
    /// <param name="action">Gets the lock; null in memory.</param>
    /// <param name="failed">Handles any failure, also of the lock, before anybody else uses the file; null to throw it.</param>
    private async Task ExclusiveAsync(Action<IDisposable?> action, Action<Exception>? failed = null)
    {
        IDisposable? held = null;
        Exception? fault = null;
        try { held = _store.IsInMemory ? null : await _file!.LockAsync().ConfigureAwait(false); }
        catch (Exception e) when (failed is not null) { fault = e; }
        await _access.WaitAsync().ConfigureAwait(false);
        try
        {
            if (fault is null) action(held);
            else failed!(fault);
        }
        catch (Exception e) when (failed is not null && fault is null) { failed(e); }
        finally
        {
            _access.Release();
            held?.Dispose();
        }
    }
}
