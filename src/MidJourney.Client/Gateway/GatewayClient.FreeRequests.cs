using System.Collections.Concurrent;
using MidJourney.Json;
using MidJourney.Pricing;
using MidJourney.Throttling;

namespace MidJourney.Gateway;

/// <content>The requests that make no task and cost nothing: estimates, the probe, and the bill.</content>
internal sealed partial class GatewayClient
{
    private readonly ConcurrentDictionary<WorkKind, Lazy<Task<EstimatedPrice?>>> _estimates = new();
    private volatile GatewayException? _madeByEstimate;

    /// <summary>
    /// Asks the gateway what a task of a kind costs (contract: estimate), with one request per kind, which is free. The answer is remembered, even if
    /// the gateway knows no price.
    /// </summary>
    /// <param name="kind">The kind.</param>
    /// <param name="example">A submission of that kind. It is not created.</param>
    /// <param name="observer">Receives the request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The price; null if the gateway knows none, or offers no estimates.</returns>
    /// <exception cref="GatewayException">The request failed. It is not retried, because the journal may know the price.</exception>
    public async Task<EstimatedPrice?> EstimateAsync(WorkKind kind, MJSubmission example, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var estimate = _estimates.GetOrAdd(kind, _ => new(AskAsync));
            try { return await estimate.Value.OrCancelled(cancellationToken).ConfigureAwait(false); }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // It was the request of another caller, who has stopped.
            }
        }

        async Task<EstimatedPrice?> AskAsync()
        {
            if (_madeByEstimate is { } made) throw made;
            try
            {
                var price = await EstimateAsync(example, observer, cancellationToken).ConfigureAwait(false);
                if (price is { Currency: Money.Usd }) _options.Budget?.Learn(kind, price.Cost);
                return price;
            }
            catch
            {
                _estimates.TryRemove(kind, out _);
                throw;
            }
        }
    }

    private async Task<EstimatedPrice?> EstimateAsync(MJSubmission example, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        var body = CreateBody.Write(example with { Parameters = [.. example.Parameters.Where(p => p.Key != "callback")] }, _transport.OriginalId);
        GatewayResponse response;
        try
        {
            response = await SendFreeAsync("POST", _uris.Estimate, Send, observer, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException e)
        {
            throw new GatewayException(GatewayErrorKind.ConnectionFailed, ClientMessages.EstimateFailed(e.Message), e.InnerException);
        }
        // Whether this gateway offers estimates is not documented.
        if (response.Status is 404 or 405 or 501) return null;
        if (!response.IsSuccess)
        {
            var error = ErrorReader.Read(response.Body, response.ContentType, response.Key);
            throw Failed(ErrorKinds.Of(response.Status, null), ClientMessages.HttpStatus(response.Status, error));
        }
        if (response.BodyFault is { } broken) throw Failed(GatewayErrorKind.InvalidResponse, ClientMessages.ResponseCutOff(broken));
        if (!TaskReader.TryParse(response.Body, response.Key, null, out var wire)) throw Failed(GatewayErrorKind.InvalidResponse, ClientMessages.NotAPrice(response.Status));
        // Something made a task of the request. Asking for other kinds could make more.
        if (wire.Id is { } id)
            throw _madeByEstimate = new GatewayException(GatewayErrorKind.InvalidResponse, ClientMessages.EstimateMadeTask(id));
        return EstimatedPrice.TryRead(wire, out var price) ? price
            : throw Failed(GatewayErrorKind.InvalidResponse, ClientMessages.NotAPrice(response.Status));

        Task<GatewayResponse> Send(Uri uri) => _transport.PostFreeAsync(uri, body, _options.RequestTimeout, cancellationToken);
        static GatewayException Failed(GatewayErrorKind kind, string cause) => new(kind, ClientMessages.EstimateFailed(cause));
    }

    /// <summary>The proxy for requests, without its user; null for none. A system may have to ask a server for it.</summary>
    public Uri? FindProxy() => _proxy.Find(_uris.Create);

    /// <summary>
    /// Reads, with one request that is never repeated, a task that cannot exist: what answers shows whether the address and the key are right, and costs
    /// nothing.
    /// </summary>
    /// <param name="withKey">False to send no key.</param>
    /// <param name="observer">Receives the request.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    public async Task<GatewayProbe> ProbeAsync(bool withKey, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        var (id, sent) = (GatewayProbe.NewId(), _time.GetUtcNow());
        try
        {
            var response = await SendFreeAsync("GET", _uris.Task(id), async uri =>
            {
                sent = _time.GetUtcNow();
                var answer = await _transport.GetAsync(uri, _options.RequestTimeout, cancellationToken, withKey).ConfigureAwait(false);
                // Before another request can take the slot, and send the same key.
                if (answer.Status is 401 or 407) RefuseWaiting(answer, id);
                return answer;
            }, observer, cancellationToken).ConfigureAwait(false);
            var ahead = response.Date is { } date ? ClockDifference.Ahead(date, sent, _time.GetUtcNow()) : (TimeSpan?)null;
            return GatewayProbe.Of(response, _options.BaseUri) with { ClockAhead = ahead };
        }
        catch (TransportException e)
        {
            return GatewayProbe.Of(e);
        }
    }

    /// <summary>Reads what the gateway billed for this key, which is free. Transient faults are retried for a while.</summary>
    /// <param name="start">Included.</param>
    /// <param name="end">Not included.</param>
    /// <param name="observer">Receives retries.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="GatewayException">Access is denied, or reading failed for too long.</exception>
    public async Task<GatewayBill> ReadBillAsync(DateTimeOffset start, DateTimeOffset end, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        var bill = new GatewayBill();
        do
        {
            var uri = _uris.Bill(start, end, bill.NextPage, GatewayBill.PageSize);
            bill.Add(await RepeatAsync(ReadAsync, ClientMessages.ReadingBill(), observer, null, cancellationToken).ConfigureAwait(false));

            Task<BillPage> ReadAsync() => ReadPageAsync(uri, observer, cancellationToken);
        }
        while (bill.HasNextPage);
        return bill;
    }

    private async Task<BillPage> ReadPageAsync(Uri uri, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        try
        {
            var page = BillOutcome.Of(await SendFreeAsync("GET", uri, Send, observer, cancellationToken).ConfigureAwait(false), _options);
            RecordSuccess();
            return page;
        }
        catch (TransportException e)
        {
            throw new GatewayException(e.Kind, ClientMessages.BillNotRead(e.Message), e.InnerException)
            { IsTransient = !e.IsProxyRefusal, IsUntrusted = e.IsUntrusted };
        }

        Task<GatewayResponse> Send(Uri address) => _transport.GetAsync(address, _options.RequestTimeout, cancellationToken);
    }

    /// <summary>Sends a request that is free, and about no task, once.</summary>
    /// <exception cref="TransportException">There was no response.</exception>
    private async Task<GatewayResponse> SendFreeAsync(
        string method, Uri uri, Func<Uri, Task<GatewayResponse>> send, IGatewayObserver? observer, CancellationToken cancellationToken)
    {
        var entered = await EnterAsync(RequestKind.Read, observer, cancellationToken).ConfigureAwait(false);
        ThrowIfDisposed();
        var trace = NewTrace(observer, method, uri);
        try
        {
            await SendingAsync(RequestKind.Read, entered, cancellationToken).ConfigureAwait(false);
            GatewayResponse response;
            try { response = await send(uri).ConfigureAwait(false); }
            finally { Counters.Ended(); }
            if (response.Status is not (401 or 402 or 407)) _limiter.Open();
            trace?.Completed(response);
            RecordPace(RequestKind.Read, entered, response, observer);
            return response;
        }
        catch (TransportException e)
        {
            trace?.Failed(e.Message);
            if (!e.IsProxyRefusal) _limiter.Open();
            throw;
        }
        finally
        {
            _limiter.Leave();
        }
    }
}
