using MidJourney.Journal;
using MidJourney.Json;
using MidJourney.Polling;
using MidJourney.Throttling;

namespace MidJourney.Gateway;

/// <summary>
/// The gateway's client: creates tasks and reads them, with one limiter and one set of counters for everybody who shares
/// it. Safe for use by many threads.
/// </summary>
internal sealed class GatewayClient : ITaskReader, IDisposable
{
    private static readonly TimeSpan WorthAWarning = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WorthADetail = TimeSpan.FromMilliseconds(10);

    /// <summary>What a create may take beside its request.</summary>
    private static readonly TimeSpan ClaimSlack = TimeSpan.FromSeconds(10);

    private readonly GatewayOptions _options;
    private readonly GatewayTransport _transport;
    private readonly RequestLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly GatewayUris _uris;
    private readonly long _origin;
    private readonly RetryPolicy _retry;
    private readonly PollKnowledge _knowledge = new();
    private readonly AcceptedTasks _accepted;
    private (Guid Salt, string Account)? _fingerprint;
    private long _requests;
    private long _lastThrough;
    private RequestBatch _firstReads = new();
    private int _disposed;

    /// <param name="apiKey">The key, sent as bearer token; see <see cref="ApiKey.Check"/>.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="handler">The transport; null for the real one. Disposed with the client.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The key is empty or cannot stand in a header.</exception>
    public GatewayClient(string apiKey, GatewayOptions options, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _uris = new GatewayUris(options.BaseUri);
        var proxy = GatewayProxy.For(options.Proxy, options.BaseUri);
        _transport = new GatewayTransport(ApiKey.Check(apiKey), options.UserAgent, handler ?? HttpHandlers.Create(options, proxy), _time, proxy, GatewayProxy.SecretsOf(options.Proxy));
        _limiter = new RequestLimiter(options.ThrottleLimit, options.MaxRequestsPerSecond, _time);
        _retry = new RetryPolicy(options.RetryTimeout);
        _accepted = new AcceptedTasks(options.Journal, options.BaseUri, _time);
        _origin = _time.GetTimestamp();
    }

    /// <summary>How the client was set up.</summary>
    public GatewayOptions Options => _options;

    /// <summary>The clock.</summary>
    public TimeProvider Time => _time;

    /// <summary>What was done so far.</summary>
    public GatewayCounters Counters { get; } = new();

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    private TimeSpan LastThrough => TimeSpan.FromTicks(Interlocked.Read(ref _lastThrough));

    /// <summary>Whether the key is the one this client sends.</summary>
    public bool Uses(string apiKey) => _transport.Uses(apiKey);

    /// <summary>Whether a text holds the whole key.</summary>
    public bool Holds(string text) => _transport.Holds(text);

    /// <summary>JSON without the key, as the journal holds it.</summary>
    public byte[] RedactJson(byte[] json) => _transport.RedactJson(json);

    /// <summary>A text without the key, whatever form that has in it.</summary>
    public string Redact(string text) => _transport.Redact(text);

    /// <summary>
    /// Makes a task, and pays for it, whatever was paid before. Sent again only when it certainly was not accepted: no
    /// connection was made, or the answer was 429.
    /// </summary>
    /// <param name="submission">What to make.</param>
    /// <param name="observer">Is told of repeats.</param>
    /// <param name="cancellationToken">Ends the waiting. A request already on its way is still given a few seconds.</param>
    /// <exception cref="GatewayException">It was refused, or throttled for too long, or its outcome is unknown.</exception>
    public async Task<MJTask> CreateAsync(MJSubmission submission, IGatewayObserver? observer = null, CancellationToken cancellationToken = default)
    {
        if (_options.Journal is null) return await CreateAsync(submission, null, null, observer, cancellationToken).ConfigureAwait(false);
        var guard = await GuardAsync(new DuplicatePolicy { Force = true }, observer, cancellationToken).ConfigureAwait(false);
        return await CreateAsync(submission, guard.Begin(submission, observer), null, observer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes ready for the creates of one command: reads the journal, and makes sure that it can be written.</summary>
    /// <param name="policy">What the user said about work that was paid before.</param>
    /// <param name="observer">Is warned of what is odd with the journal.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="GatewayException">There is no journal to go by, or it cannot be used.</exception>
    internal async Task<DuplicateGuard> GuardAsync(DuplicatePolicy policy, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        if (_options.Journal is not { } journal) throw new GatewayException(GatewayErrorKind.JournalUnavailable, ClientMessages.JournalMissing());
        await journal.StartAsync(_options.IsJournalRequired || policy.SkipSubmitted, observer, cancellationToken).ConfigureAwait(false);
        return new DuplicateGuard(new GuardContext(journal, _options.BaseUri, () => Account, () => FingerprintOfKey, policy, _options.RequestTimeout + ClaimSlack, _transport.RedactJson));
    }

    /// <summary>The account that tasks are paid from: its name, or a fingerprint of the key by the journal's salt; null until the journal has told that.</summary>
    public string? Account => _options.Account ?? FingerprintOfKey;

    /// <summary>The account that the key has where it is given no name; null until the journal has told that.</summary>
    internal string? FingerprintOfKey => _options.Journal?.AccountOf(Fingerprint);

    /// <summary>Makes a task, unless the record shows that it is there, or a create of the same batch was refused for a reason that holds for all.</summary>
    /// <param name="submission">What to make.</param>
    /// <param name="record">What the journal knows of it; null for nothing.</param>
    /// <param name="batch">The creates that it belongs to; null for none.</param>
    /// <param name="observer">Is told of repeats.</param>
    /// <param name="cancellationToken">Ends the waiting. A request already on its way is still given a few seconds, and what came of it is written down.</param>
    /// <exception cref="GatewayException">It was refused, or throttled for too long, or its outcome is unknown, or the journal stopped working.</exception>
    /// <exception cref="BatchStoppedException">It was not sent, because of another one of the batch.</exception>
    internal async Task<MJTask> CreateAsync(MJSubmission submission, CreateRecord? record, RequestBatch? batch, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        // What is on its way is not stopped with the batch.
        using var either = batch is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, batch.Stopped);
        var waiting = either?.Token ?? cancellationToken;
        try
        {
            if (record is not null && await FindAsync(record, observer, waiting).ConfigureAwait(false) is { } known) return known;
            var body = CreateBody.Write(submission, _transport.Exact);
            var since = Now;
            for (var failures = 1; ; failures++)
            {
                var verdict = await TryCreateAsync(submission, body, record, batch, observer, waiting, cancellationToken).ConfigureAwait(false);
                if (verdict.Task is { } task)
                {
                    task = task with { BaseUri = SubmissionKey.AddressOf(_options.BaseUri), Account = Account };
                    if (record is not null) await record.CreatedAsync(task).ConfigureAwait(false);
                    return task;
                }
                if (verdict.Error is not { } error)
                {
                    if (await FindAsync(record!, observer, waiting).ConfigureAwait(false) is { } found) return found;
                    failures--;
                    continue;
                }
                if (!verdict.MayRepeat) throw error;
                if (TimeToRepeat(RequestKind.Create, error, failures, since) is not { } wait) throw GivenUp(submission, error, Now - since);
                // The claim stands meanwhile, or another process would make it as well.
                await RepeatAfterAsync(wait, ClientMessages.Submitting(submission), error, failures, observer, waiting).ConfigureAwait(false);
            }
        }
        catch (GatewayException e) when (record is not null)
        {
            batch?.Note(e);
            await record.FailedAsync(e).ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (e is OperationCanceledException or ClientDisposedException)
        {
            if (record is not null) await record.WithdrawnAsync().ConfigureAwait(false);
            if (e is OperationCanceledException && batch is { Refusal: not null } && !cancellationToken.IsCancellationRequested) throw new BatchStoppedException();
            throw;
        }
    }

    /// <summary>Asked for with every create, and mostly of the same salt.</summary>
    private string Fingerprint(Guid salt)
    {
        if (_fingerprint is { } known && known.Salt == salt) return known.Account;
        var account = _transport.Fingerprint(salt.ToByteArray());
        _fingerprint = (salt, account);
        return account;
    }

    private Task<MJTask?> FindAsync(CreateRecord record, IGatewayObserver? observer, CancellationToken cancellationToken) =>
        record.FindAsync((id, stopping) => ReadAsync(id, observer, stopping), cancellationToken);

    /// <summary>Reads a task. Faults that may pass are waited out for a while.</summary>
    /// <param name="id">The task id, not a job id.</param>
    /// <param name="observer">Is told of repeats.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="GatewayException">There is no such task, or it may not be read, or could not be for too long.</exception>
    public async Task<MJTask> ReadAsync(string id, IGatewayObserver? observer = null, CancellationToken cancellationToken = default)
    {
        var since = Now;
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await ReadOnceAsync(id, observer, cancellationToken).ConfigureAwait(false);
            }
            catch (GatewayException e) when (e.IsTransient && TimeToRepeat(RequestKind.Read, e, failures, since) is { } wait)
            {
                await RepeatAfterAsync(wait, ClientMessages.Reading(id), e, failures, observer, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<MJTask> ReadOnceAsync(string id, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        if (!WireId.CanBeId(id)) throw new GatewayException(GatewayErrorKind.TaskNotFound, ClientMessages.TaskNotFound(id, null));
        var entered = await EnterReadAsync(observer, cancellationToken).ConfigureAwait(false);
        LeaveIfDisposed();
        var uri = _uris.Task(_transport.Exact(id));
        var story = Tell(observer, "GET", uri);
        GatewayResponse answer;
        try
        {
            await SendingAsync(RequestKind.Read, entered, cancellationToken).ConfigureAwait(false);
            try { answer = await _transport.GetAsync(uri, _options.RequestTimeout, cancellationToken).ConfigureAwait(false); }
            finally { Counters.Ended(); }
            if (answer.Status is 401 or 407) RefuseWaiting(answer, id);
            else if (answer.Status != 402) _limiter.Open();
        }
        catch (TransportException e)
        {
            story?.Failed(e.Message);
            if (!e.IsProxyRefusal) _limiter.Open();
            var error = new GatewayException(e.IsProxyRefusal ? GatewayErrorKind.ProxyAuthenticationRequired : e.TimedOut ? GatewayErrorKind.RequestTimedOut : GatewayErrorKind.ConnectionFailed,
                ClientMessages.ReadFailed(id, e.Message), e.InnerException)
            { IsTransient = !e.IsProxyRefusal, IsRead = true };
            if (e.IsProxyRefusal) RefuseWaiting(error);
            throw error;
        }
        finally
        {
            _limiter.Leave();
        }
        story?.Answered(answer);
        NotePace(RequestKind.Read, entered, answer, observer);
        try
        {
            var task = ReadOutcome.Of(answer, id, _options.BaseUri);
            NoteThrough();
            return task;
        }
        catch (GatewayException e) when (e.Kind == GatewayErrorKind.TaskNotFound)
        {
            if (!await _accepted.IsYoungAsync(id, cancellationToken).ConfigureAwait(false)) throw;
            throw new GatewayException(e.Kind, ClientMessages.TaskNotFoundYet(id), e) { HttpStatus = e.HttpStatus, Error = e.Error, IsTransient = true, IsRead = true };
        }
    }

    /// <summary>A poller that knows how long this client's tasks took so far, and adds to it.</summary>
    /// <param name="minInterval">The least time between two reads of one task.</param>
    /// <param name="observer">Is told of repeats and of what is odd.</param>
    public TaskPoller NewPoller(TimeSpan minInterval, IGatewayObserver? observer) =>
        new(this, _options.ThrottleLimit, minInterval, observer, _time, _knowledge);

    /// <summary>Sends no more requests; what is under way may still be answered.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _disposed, 1);
        _transport.Dispose();
    }

    private async Task<CreateOutcome> TryCreateAsync(
        MJSubmission submission, byte[] body, CreateRecord? record, RequestBatch? batch, IGatewayObserver? observer, CancellationToken waiting, CancellationToken cancellationToken)
    {
        var entered = await EnterAsync(RequestKind.Create, observer, waiting).ConfigureAwait(false);
        LeaveIfDisposed();
        var content = new CreateContent(body);
        RequestTrace? story = null;
        try
        {
            if (record is not null && !await record.ClaimAsync().ConfigureAwait(false)) return CreateOutcome.NotClaimed;
            waiting.ThrowIfCancellationRequested();
            await SendingAsync(RequestKind.Create, entered, waiting).ConfigureAwait(false);
            story = Tell(observer, "POST", _uris.Create, submission);
            GatewayResponse answer;
            try { answer = await _transport.PostAsync(_uris.Create, content, _options.RequestTimeout, cancellationToken).ConfigureAwait(false); }
            finally { Counters.Ended(); }
            story?.Answered(answer);
            NotePace(RequestKind.Create, entered, answer, observer);
            var verdict = CreateOutcome.Of(submission, answer, _options.BaseUri);
            return Noted(verdict.Task is { } task && !_accepted.TryAdd(task.Id) ? CreateOutcome.OfTaskIdInUse(submission, task) : verdict, batch);
        }
        catch (TransportException e)
        {
            story?.Failed(e.Message);
            // From here on the body stays where it is, so that what is said of it remains true.
            return Noted(CreateOutcome.OfNoResponse(submission, e, wasStarted: !content.TryWithdraw(), _options.BaseUri), batch);
        }
        finally
        {
            _limiter.Leave();
        }
    }

    private CreateOutcome Noted(CreateOutcome verdict, RequestBatch? batch)
    {
        if (verdict.Error is { } error) batch?.Note(error);
        if (verdict.Error is null || !ErrorKinds.HoldsForAll(verdict.Error)) _limiter.Open();
        if (verdict.Task is null) return verdict;
        NoteThrough();
        Counters.Accept();
        return verdict;
    }

    private RequestTrace? Tell(IGatewayObserver? observer, string method, Uri uri, MJSubmission? submission = null)
    {
        var number = Interlocked.Increment(ref _requests);
        return observer is { WantsRequests: true } ? new RequestTrace(observer, _time, _transport.Redact, number, method, uri, submission) : null;
    }

    /// <summary>While the session's first request is in flight, the other reads wait; if it is refused, so are they.</summary>
    private async Task<TimeSpan> EnterReadAsync(IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        if (_limiter.IsOpen) return await EnterAsync(RequestKind.Read, observer, cancellationToken).ConfigureAwait(false);
        var batch = Volatile.Read(ref _firstReads);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, batch.Stopped);
        try
        {
            var entered = await EnterAsync(RequestKind.Read, observer, either.Token).ConfigureAwait(false);
            if (batch.Refusal is null) return entered;
            // The place of the one that was refused came before the word of it.
            _limiter.Leave();
        }
        catch (OperationCanceledException) when (batch.Refusal is not null && !cancellationToken.IsCancellationRequested)
        {
        }
        throw batch.Refusal!;
    }

    private void RefuseWaiting(GatewayResponse answer, string id)
    {
        try { ReadOutcome.Of(answer, id, _options.BaseUri); }
        catch (GatewayException e) { RefuseWaiting(e); }
    }

    private void RefuseWaiting(GatewayException error)
    {
        if (!_limiter.IsOpen) Interlocked.Exchange(ref _firstReads, new RequestBatch()).Stop(error);
    }

    private async Task<TimeSpan> EnterAsync(RequestKind kind, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        if (observer is not { WantsDetails: true }) return await _limiter.EnterAsync(kind, cancellationToken).ConfigureAwait(false);
        var (since, state) = (Now, _limiter.StateOf(kind));
        var entering = _limiter.EnterAsync(kind, cancellationToken);
        // Others may take long to make room, and what is stopped meanwhile says nothing later.
        if (!entering.IsCompleted && state.Free == 0) observer.Detail(ClientMessages.WaitingForSlot(NameOf(kind)));
        var entered = await entering.ConfigureAwait(false);
        if (Now - since is var waited && waited >= WorthADetail) observer.Detail(ClientMessages.RequestDelayed(NameOf(kind), waited, state.Pause, state.Rate, state.Free));
        return entered;
    }

    private async Task SendingAsync(RequestKind kind, TimeSpan entered, CancellationToken cancellationToken)
    {
        await _limiter.SendingAsync(entered, cancellationToken).ConfigureAwait(false);
        Counters.Sent(kind);
    }

    private static string NameOf(RequestKind kind) => kind == RequestKind.Create ? "create" : "read";

    private void LeaveIfDisposed()
    {
        if (Volatile.Read(ref _disposed) == 0) return;
        _limiter.Leave();
        throw new ClientDisposedException();
    }

    private TimeSpan? TimeToRepeat(RequestKind kind, GatewayException error, int failures, TimeSpan since) =>
        _retry.BeforeRepeat(error, failures, Now - since, Now - LastThrough, _limiter.TimeToTurn(kind));

    private async Task RepeatAfterAsync(TimeSpan wait, string what, GatewayException error, int failures, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        observer?.Note(ClientMessages.Retrying(what, error.Message.TrimEnd('.'), wait, failures));
        await _time.Delay(wait, cancellationToken).ConfigureAwait(false);
        Counters.Repeat();
    }

    /// <summary>What one request is told about pace holds for the whole session.</summary>
    private void NotePace(RequestKind kind, TimeSpan entered, GatewayResponse answer, IGatewayObserver? observer)
    {
        if (!answer.AsksToSlowDown)
        {
            if (answer.IsSuccess) _limiter.Succeeded(kind);
            return;
        }
        _limiter.Throttled(kind, entered);
        if (observer is { WantsDetails: true }) observer.Detail(ClientMessages.RateAdjusted(NameOf(kind), answer.Status, _limiter.StateOf(kind).Rate));
        Counters.Throttle();
        if (answer.RetryAfter is not { } asked) return;
        // A gateway that asks for longer than anybody here will wait must not hold up those who come later without a word.
        var pause = asked < _options.RetryTimeout ? asked : _options.RetryTimeout;
        var isNews = _limiter.Pause(pause);
        if (isNews && pause >= WorthAWarning) observer?.Warn(ClientMessages.Throttled(pause, answer.Status));
        else if (isNews && observer is { WantsDetails: true }) observer.Detail(ClientMessages.Throttled(pause, answer.Status));
    }

    private void NoteThrough() => Interlocked.Exchange(ref _lastThrough, Now.Ticks);

    private static GatewayException GivenUp(MJSubmission submission, GatewayException error, TimeSpan tried) =>
        error.Kind != GatewayErrorKind.RateLimited ? error
        : new GatewayException(error.Kind, ClientMessages.CreateThrottled(submission, error.HttpStatus ?? 429, tried, error.RetryAfter))
        { HttpStatus = error.HttpStatus, Error = error.Error, RetryAfter = error.RetryAfter };
}
