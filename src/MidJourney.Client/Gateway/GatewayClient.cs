using MidJourney.Callbacks;
using MidJourney.Journal;
using MidJourney.Json;
using MidJourney.Polling;
using MidJourney.Pricing;
using MidJourney.Throttling;

namespace MidJourney.Gateway;

/// <summary>
/// The gateway's client: creates and reads tasks, with one limiter and one set of counters for all who share it. Thread-safe.
/// </summary>
internal sealed partial class GatewayClient : ITaskReader, IDisposable
{
    private static readonly TimeSpan MinWarningPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MinDelayToReport = TimeSpan.FromMilliseconds(10);

    /// <summary>The time that a create may take in addition to its request.</summary>
    private static readonly TimeSpan ClaimSlack = TimeSpan.FromSeconds(10);

    private readonly GatewayOptions _options;
    private readonly GatewayTransport _transport;
    private readonly RequestLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly GatewayUris _uris;
    private readonly GatewayProxy _proxy;
    private readonly long _origin;
    private readonly RetryPolicy _retry;
    private readonly PollKnowledge _knowledge = new();
    private readonly AcceptedTasks _accepted;
    private (Guid Salt, string Account)? _fingerprint;
    private long _requests;
    private long _lastSuccess;
    private RequestBatch _firstReads = new();
    private int _disposed;

    /// <param name="apiKey">The key, sent as bearer token; see <see cref="ApiKey.Check"/>.</param>
    /// <param name="options">Address, limits, journal.</param>
    /// <param name="handler">The transport; null for the real one. Disposed with the client.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The key is empty or invalid in a header.</exception>
    public GatewayClient(string apiKey, GatewayOptions options, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _uris = new GatewayUris(options.BaseUri);
        var proxy = _proxy = GatewayProxy.For(options.Proxy, options.BaseUri);
        _transport = new GatewayTransport(ApiKey.Check(apiKey, options.KeySource), options.UserAgent, handler ?? HttpHandlers.Create(options, proxy), _time, proxy, GatewayProxy.SecretsOf(options.Proxy));
        _limiter = new RequestLimiter(options.ThrottleLimit, options.MaxRequestsPerSecond, _time);
        _retry = new RetryPolicy(options.RetryTimeout);
        _accepted = new AcceptedTasks(options.Journal, options.BaseUri, _time);
        _origin = _time.GetTimestamp();
        Silence = new GatewaySilence(_time);
    }

    public GatewayOptions Options => _options;

    public TimeProvider Time => _time;

    public GatewayCounters Counters { get; } = new();

    public GatewaySilence Silence { get; }

    public CallbackTokens CallbackTokens { get; } = new();

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    private TimeSpan LastSuccess => TimeSpan.FromTicks(Interlocked.Read(ref _lastSuccess));

    /// <summary>Whether this is the client's key.</summary>
    public bool Uses(string apiKey) => _transport.Uses(apiKey);

    /// <summary>Whether a text contains the whole key.</summary>
    public bool Holds(string text) => _transport.Holds(text);

    /// <summary>JSON without the key, for the journal.</summary>
    public byte[] RedactJson(byte[] json) => _transport.RedactJson(json);

    /// <summary>A text without the key, in whatever encoding the text contains it.</summary>
    public string Redact(string text) => _transport.Redact(text);

    /// <summary>
    /// Creates a task, and pays for it, regardless of earlier tasks. It is sent again only if it certainly was not accepted: no
    /// connection was made, or the response was 429.
    /// </summary>
    /// <param name="submission">What to create.</param>
    /// <param name="observer">Receives retries.</param>
    /// <param name="cancellationToken">Ends the wait. A request that has already been sent gets a few seconds more.</param>
    /// <exception cref="GatewayException">It was refused, or throttled for too long, or its outcome is unknown.</exception>
    public async Task<MJTask> CreateAsync(MJSubmission submission, IGatewayObserver? observer = null, CancellationToken cancellationToken = default)
    {
        if (_options.Journal is null) return await CreateAsync(submission, null, null, observer, cancellationToken).ConfigureAwait(false);
        var guard = await GuardAsync(new DuplicatePolicy { Force = true }, observer, cancellationToken).ConfigureAwait(false);
        return await CreateAsync(submission, guard.Begin(submission, observer), null, observer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Prepares the creates of one command: reads the journal, and checks that it can be written.</summary>
    /// <exception cref="GatewayException">There is no journal, or it cannot be used.</exception>
    internal async Task<DuplicateGuard> GuardAsync(DuplicatePolicy policy, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        if (_options.Journal is not { } journal) throw new GatewayException(GatewayErrorKind.JournalUnavailable, ClientMessages.JournalMissing());
        if (_options.Budget is not null) await journal.LoadPricesAsync(cancellationToken).ConfigureAwait(false);
        await journal.StartAsync(_options.IsJournalRequired || policy.SkipSubmitted, observer, cancellationToken).ConfigureAwait(false);
        return new DuplicateGuard(new GuardContext(journal, _options.BaseUri, () => Account, () => FingerprintOfKey, policy, _options.RequestTimeout + ClaimSlack, _transport.RedactJson));
    }

    /// <summary>The account that pays: its name, or a fingerprint of the key made with the journal's salt; null until the journal is read.</summary>
    public string? Account => _options.Account ?? FingerprintOfKey;

    /// <summary>The account of the key if it has no name; null until the journal is read.</summary>
    internal string? FingerprintOfKey => _options.Journal?.AccountOf(Fingerprint);

    /// <summary>Creates a task, unless the journal already has it, or another create of the batch was refused for a reason that holds for all.</summary>
    /// <param name="submission">What to create.</param>
    /// <param name="record">Its record in the journal; null for none.</param>
    /// <param name="batch">The creates that it belongs to; null for none.</param>
    /// <param name="observer">Receives retries.</param>
    /// <param name="cancellationToken">Ends the wait. A request that has already been sent gets a few seconds more, and its outcome is recorded.</param>
    /// <exception cref="GatewayException">It was refused, or throttled for too long, or its outcome is unknown, or the journal failed.</exception>
    /// <exception cref="BatchStoppedException">It was not sent, because another create stopped the batch.</exception>
    internal async Task<MJTask> CreateAsync(MJSubmission submission, CreateRecord? record, RequestBatch? batch, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        // A stopped batch does not stop requests that have already been sent, nor what needs no request.
        using var either = batch is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, batch.Stopped);
        var waiting = either?.Token ?? cancellationToken;
        var since = Now;
        var begun = batch?.Begin(since) ?? since;
        try
        {
            if (record is not null && await FindAsync(record, begun, observer, waiting, cancellationToken).ConfigureAwait(false) is { } known) return known;
            using var commitment = Commit(submission, record, batch);
            var (sent, token) = CallbackTokens.Fill(submission);
            var body = CreateBody.Write(sent, _transport.OriginalId);
            since = Now;
            for (var failures = 1; ; failures++)
            {
                var outcome = await TryCreateAsync(submission, body, record, batch, commitment, observer, waiting, cancellationToken).ConfigureAwait(false);
                if (outcome.Task is { } task)
                {
                    commitment?.Accepted(task);
                    CallbackTokens.Bind(token, task.Id);
                    task = task with { BaseUri = SubmissionKey.AddressOf(_options.BaseUri), Account = Account };
                    if (record is not null) await record.CreatedAsync(task).ConfigureAwait(false);
                    return task;
                }
                if (outcome.Error is not { } error)
                {
                    if (await FindAsync(record!, begun, observer, waiting, cancellationToken).ConfigureAwait(false) is { } found) return found;
                    failures--;
                    continue;
                }
                if (error.Kind != GatewayErrorKind.SubmitOutcomeUnknown) commitment?.Refused();
                if (!outcome.MayRetry) throw error;
                if (RetryDelay(RequestKind.Create, error, failures, since, begun) is not { } wait) throw TimedOut(submission, error, Now - since);
                // The claim stays during the wait, or another process would create the task as well.
                await RetryAfterAsync(wait, ClientMessages.Submitting(submission), error, failures, observer, waiting).ConfigureAwait(false);
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

    /// <exception cref="GatewayException">The budget does not allow it.</exception>
    /// <exception cref="BatchStoppedException">The budget did not allow an earlier create of the batch.</exception>
    private Budget.Commitment? Commit(MJSubmission submission, CreateRecord? record, RequestBatch? batch)
    {
        if (_options.Budget is not { } budget) return null;
        if (batch is { Refusal: not null }) throw new BatchStoppedException();
        var kind = record?.Kind ?? WorkKind.Of(submission);
        return budget.Commit(submission, kind, _options.Journal?.PriceOf(_options.BaseUri, kind, Money.Usd)?.Highest);
    }

    /// <summary>Cached, because every create needs it.</summary>
    private string Fingerprint(Guid salt)
    {
        if (_fingerprint is { } known && known.Salt == salt) return known.Account;
        var account = _transport.Fingerprint(salt.ToByteArray());
        _fingerprint = (salt, account);
        return account;
    }

    private Task<MJTask?> FindAsync(CreateRecord record, TimeSpan begun, IGatewayObserver? observer, CancellationToken waiting, CancellationToken cancellationToken) =>
        record.FindAsync((id, stopping) => ReadAsync(new MJTask { Id = id }, observer, begun, stopping), waiting, cancellationToken);

    /// <summary>Reads a task by its id alone.</summary>
    public Task<MJTask> ReadAsync(string id, IGatewayObserver? observer = null, CancellationToken cancellationToken = default) => ReadAsync(new MJTask { Id = id }, observer, cancellationToken);

    /// <summary>Reads a task. Transient faults are retried for a while.</summary>
    /// <exception cref="GatewayException">The task does not exist, or access is denied, or reading failed for too long.</exception>
    public Task<MJTask> ReadAsync(MJTask asked, IGatewayObserver? observer, CancellationToken cancellationToken) => ReadAsync(asked, observer, null, cancellationToken);

    private Task<MJTask> ReadAsync(MJTask asked, IGatewayObserver? observer, TimeSpan? begun, CancellationToken cancellationToken) =>
        RepeatAsync(() => ReadOnceAsync(asked, observer, cancellationToken), ClientMessages.Reading(asked.Id), observer, begun, cancellationToken);

    private async Task<T> RepeatAsync<T>(Func<Task<T>> read, string what, IGatewayObserver? observer, TimeSpan? begun, CancellationToken cancellationToken)
    {
        var since = Now;
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (GatewayException e) when (e.IsTransient && RetryDelay(RequestKind.Read, e, failures, since, begun) is { } wait)
            {
                await RetryAfterAsync(wait, what, e, failures, observer, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads a task by its id alone, with one request.</summary>
    public Task<MJTask> ReadOnceAsync(string id, IGatewayObserver? observer, CancellationToken cancellationToken) => ReadOnceAsync(new MJTask { Id = id }, observer, cancellationToken);

    /// <inheritdoc/>
    public async Task<MJTask> ReadOnceAsync(MJTask asked, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        var (id, origin) = (asked.Id, asked.Origin);
        if (!WireId.IsValid(id)) throw new GatewayException(GatewayErrorKind.TaskNotFound, ClientMessages.TaskNotFound(id, null, origin));
        var entered = await EnterReadAsync(observer, cancellationToken).ConfigureAwait(false);
        ThrowIfDisposed();
        var uri = _uris.Task(_transport.OriginalId(id));
        var trace = NewTrace(observer, "GET", uri);
        GatewayResponse response;
        try
        {
            await SendingAsync(RequestKind.Read, entered, cancellationToken).ConfigureAwait(false);
            try { response = await _transport.GetAsync(uri, _options.RequestTimeout, cancellationToken).ConfigureAwait(false); }
            finally { Counters.Ended(); }
            if (response.Status is 401 or 407) RefuseWaiting(response, id);
            else if (response.Status != 402) _limiter.Open();
        }
        catch (TransportException e)
        {
            trace?.Failed(e.Message);
            if (!e.IsProxyRefusal) _limiter.Open();
            var error = new GatewayException(e.Kind, ClientMessages.ReadFailed(id, e.Message, origin), e.InnerException)
            { IsTransient = !e.IsProxyRefusal, IsRead = true, IsUntrusted = e.IsUntrusted };
            if (e.IsProxyRefusal) RefuseWaiting(error);
            throw error;
        }
        finally
        {
            _limiter.Leave();
        }
        trace?.Completed(response);
        RecordPace(RequestKind.Read, entered, response, observer);
        try
        {
            var task = ReadOutcome.Of(response, id, _options, origin);
            RecordSuccess();
            _options.Budget?.Saw(task);
            if (task.IsEnded()) _limiter.TaskEnded();
            return task;
        }
        catch (GatewayException e) when (e.Kind == GatewayErrorKind.TaskNotFound)
        {
            if (!await _accepted.IsRecentAsync(id, cancellationToken).ConfigureAwait(false)) throw;
            throw new GatewayException(e.Kind, ClientMessages.TaskNotFoundYet(id), e) { HttpStatus = e.HttpStatus, Error = e.Error, IsTransient = true, IsRead = true };
        }
    }

    /// <summary>A poller that uses and extends what this client has learned about durations.</summary>
    public TaskPoller NewPoller(TimeSpan minInterval, IGatewayObserver? observer, bool listensForHints = false) =>
        new(this, _options.ThrottleLimit, minInterval, observer, _time, _knowledge) { ListensForHints = listensForHints };

    /// <summary>Sends no more requests; those in flight may still complete.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _disposed, 1);
        _transport.Dispose();
    }

    private async Task<CreateOutcome> TryCreateAsync(
        MJSubmission submission, byte[] body, CreateRecord? record, RequestBatch? batch, Budget.Commitment? commitment, IGatewayObserver? observer,
        CancellationToken waiting, CancellationToken cancellationToken)
    {
        var entered = await EnterAsync(RequestKind.Create, observer, waiting).ConfigureAwait(false);
        ThrowIfDisposed();
        var content = new CreateContent(body);
        RequestTrace? trace = null;
        try
        {
            if (record is not null && !await record.ClaimAsync().ConfigureAwait(false)) return CreateOutcome.NotClaimed;
            waiting.ThrowIfCancellationRequested();
            await SendingAsync(RequestKind.Create, entered, waiting).ConfigureAwait(false);
            trace = NewTrace(observer, "POST", _uris.Create, submission);
            GatewayResponse response;
            try { response = await _transport.PostAsync(_uris.Create, content, _options.RequestTimeout, cancellationToken).ConfigureAwait(false); }
            finally { Counters.Ended(); }
            trace?.Completed(response);
            RecordPace(RequestKind.Create, entered, response, observer);
            var outcome = CreateOutcome.Of(submission, response, _options);
            return Recorded(outcome.Task is { } task && !_accepted.TryAdd(task.Id) ? CreateOutcome.OfTaskIdInUse(submission, task) : outcome, batch);
        }
        catch (TransportException e)
        {
            trace?.Failed(e.Message);
            // From here on the body cannot be sent, so the outcome stays true.
            return Recorded(CreateOutcome.OfNoResponse(submission, e, wasStarted: !content.TryWithdraw(), _options.BaseUri), batch);
        }
        catch (Exception e) when (content.WasStarted && e is not OutOfMemoryException)
        {
            // Whatever is wrong here, the task may exist.
            return Recorded(CreateOutcome.OfFault(submission, e), batch);
        }
        finally
        {
            if (content.WasStarted) commitment?.Sent();
            _limiter.Leave();
        }
    }

    private CreateOutcome Recorded(CreateOutcome outcome, RequestBatch? batch)
    {
        if (outcome.Error is { } error) batch?.Note(error);
        if (outcome.Error is null || !ErrorKinds.AppliesToAll(outcome.Error)) _limiter.Open();
        if (outcome.Task is null) return outcome;
        RecordSuccess();
        Counters.Accept();
        return outcome;
    }

    private RequestTrace? NewTrace(IGatewayObserver? observer, string method, Uri uri, MJSubmission? submission = null)
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
            // The refused request freed its slot before it reported the refusal.
            _limiter.Leave();
        }
        catch (OperationCanceledException) when (batch.Refusal is not null && !cancellationToken.IsCancellationRequested)
        {
        }
        throw batch.Refusal!;
    }

    private void RefuseWaiting(GatewayResponse response, string id)
    {
        try { ReadOutcome.Of(response, id, _options); }
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
        // The wait may be long, and a stopped request reports nothing later.
        if (!entering.IsCompleted && state.Free == 0) observer.Detail(ClientMessages.WaitingForSlot(NameOf(kind)));
        var entered = await entering.ConfigureAwait(false);
        if (Now - since is var waited && waited >= MinDelayToReport) observer.Detail(ClientMessages.RequestDelayed(NameOf(kind), waited, state.Pause, state.Rate, state.Free));
        return entered;
    }

    private static string NameOf(RequestKind kind) => kind == RequestKind.Create ? "create" : "read";

    private async Task SendingAsync(RequestKind kind, TimeSpan entered, CancellationToken cancellationToken)
    {
        await _limiter.SendingAsync(entered, cancellationToken).ConfigureAwait(false);
        Counters.Sent(kind);
        Silence.Sent();
    }

    private void ThrowIfDisposed()
    {
        if (Volatile.Read(ref _disposed) == 0) return;
        _limiter.Leave();
        throw new ClientDisposedException();
    }

    /// <param name="kind">What failed.</param>
    /// <param name="error">How.</param>
    /// <param name="failures">How often, 1 or more.</param>
    /// <param name="since">When it was sent for the first time.</param>
    /// <param name="begun">When the command began to submit; null for a request that does not outlast an outage.</param>
    private TimeSpan? RetryDelay(RequestKind kind, GatewayException error, int failures, TimeSpan since, TimeSpan? begun)
    {
        // An outage is the same one for all creates of a command, and begins with the command at the earliest.
        TimeSpan? outage = begun is { } start && Silence.HasAnswered ? TimeSpan.FromTicks(Math.Min(Silence.Duration.Ticks, (Now - start).Ticks)) : null;
        return _retry.BeforeRepeat(error, failures, Now - since, Now - LastSuccess, _limiter.TimeToTurn(kind), outage);
    }

    private async Task RetryAfterAsync(TimeSpan wait, string what, GatewayException error, int failures, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        observer?.Note(ClientMessages.Retrying(what, error.Message.TrimEnd('.'), wait, failures));
        await _time.Delay(wait, cancellationToken).ConfigureAwait(false);
        Counters.Repeat();
    }

    /// <summary>What one response says about the pace holds for the whole session.</summary>
    private void RecordPace(RequestKind kind, TimeSpan entered, GatewayResponse response, IGatewayObserver? observer)
    {
        Silence.Answered();
        if (!response.AsksToSlowDown)
        {
            if (response.IsSuccess) _limiter.Succeeded(kind);
            return;
        }
        _limiter.Throttled(kind, entered);
        if (observer is { WantsDetails: true }) observer.Detail(ClientMessages.RateAdjusted(NameOf(kind), response.Status, _limiter.StateOf(kind).Rate));
        Counters.Throttle();
        if (response.RetryAfter is not { } asked) return;
        // A gateway that asks for longer than the retry timeout must not silently block later requests.
        var pause = asked < _options.RetryTimeout ? asked : _options.RetryTimeout;
        var isNew = _limiter.Pause(pause);
        if (isNew && pause >= MinWarningPause) observer?.Warn(ClientMessages.Throttled(pause, response.Status));
        else if (isNew && observer is { WantsDetails: true }) observer.Detail(ClientMessages.Throttled(pause, response.Status));
    }

    private void RecordSuccess() => Interlocked.Exchange(ref _lastSuccess, Now.Ticks);

    private static GatewayException TimedOut(MJSubmission submission, GatewayException error, TimeSpan tried) =>
        error.Kind != GatewayErrorKind.RateLimited ? error
        : new GatewayException(error.Kind, ClientMessages.CreateThrottled(submission, error.HttpStatus ?? 429, tried, error.RetryAfter))
        { HttpStatus = error.HttpStatus, Error = error.Error, RetryAfter = error.RetryAfter };
}
