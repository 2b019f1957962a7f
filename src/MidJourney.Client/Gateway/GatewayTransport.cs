using System.Net;
using System.Net.Http.Headers;
using MidJourney.Json;
using MidJourney.Throttling;

namespace MidJourney.Gateway;

/// <summary>One request and its answer. The only place that holds the key, and it hands it to nobody.</summary>
internal sealed class GatewayTransport : IDisposable
{
    /// <summary>How long a create that is already on its way may still be answered after its caller has stopped waiting.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _invoker;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly KeyRedactor _redactor;
    private readonly TimeProvider _time;
    private readonly string _userAgent;
    private readonly string? _proxyAuthorization;

    public GatewayTransport(string apiKey, string userAgent, HttpMessageHandler handler, TimeProvider time, GatewayProxy? proxy = null, string[]? proxySecrets = null)
    {
        _invoker = new HttpMessageInvoker(handler, disposeHandler: true);
        _authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _redactor = new KeyRedactor(apiKey, proxySecrets);
        _userAgent = userAgent;
        _time = time;
        _proxyAuthorization = proxy?.Authorization;
    }

    /// <summary>Whether the key is the one this transport sends.</summary>
    public bool Uses(string apiKey) => _authorization.Parameter == apiKey;

    /// <summary>JSON that this module writes without the key, should it hold it; what requests go by stays as it is.</summary>
    public byte[] RedactJson(byte[] json)
    {
        var redacted = _redactor.RedactJson(json);
        return redacted.Equals((ReadOnlyMemory<byte>)json) ? json : redacted.ToArray();
    }

    /// <summary>A text without the key and without the proxy's password, should it hold them.</summary>
    public string Redact(string text) => _redactor.Redact(text);

    /// <summary>Tells keys apart without telling any: the beginning of a hash with a salt that is as secret as what is written beside it.</summary>
    public string Fingerprint(byte[] salt) => ApiKey.Fingerprint(_authorization.Parameter!, salt);

    /// <summary>The id that is shown as this.</summary>
    public string Exact(string id) => _redactor.Exact(id);

    /// <summary>Reads. Ends with the answer, or with <see cref="TransportException"/>, or as the caller cancels.</summary>
    public Task<GatewayResponse> GetAsync(Uri uri, TimeSpan timeout, CancellationToken cancellationToken) =>
        ExchangeAsync(NewRequest(HttpMethod.Get, uri), null, timeout, cancellationToken);

    /// <summary>
    /// Creates. When the caller cancels, a request that has not started is withdrawn at once, and one that has goes on
    /// for <see cref="Grace"/>, because its task may be made and paid.
    /// </summary>
    public Task<GatewayResponse> PostAsync(Uri uri, CreateContent content, TimeSpan timeout, CancellationToken cancellationToken) =>
        ExchangeAsync(NewRequest(HttpMethod.Post, uri, content), content, timeout, cancellationToken);

    /// <summary>Whether a text holds the whole key.</summary>
    public bool Holds(string text) => ApiKey.IsIn(_authorization.Parameter!, text);

    public void Dispose() => _invoker.Dispose();

    private HttpRequestMessage NewRequest(HttpMethod method, Uri uri, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, uri) { Version = HttpVersion.Version11, Content = content };
        request.Headers.Authorization = _authorization;
#if !NET
        // An endpoint that was idle is made anew with .NET Framework's default, which costs a round trip.
        request.Headers.ExpectContinue = false;
#endif
        if (_proxyAuthorization is not null) request.Headers.ProxyAuthorization = new AuthenticationHeaderValue("Basic", _proxyAuthorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        return request;
    }

    private async Task<GatewayResponse> ExchangeAsync(HttpRequestMessage message, CreateContent? create, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = message;
        using var timer = _time.CancelAfter(timeout);
        using var watch = cancellationToken.Register(() =>
        {
            if (create is null || create.TryWithdraw()) timer.Cancel();
            else timer.CancelAfter(Grace);
        });
        try
        {
            using var response = await _invoker.SendAsync(request, timer.Token).ConfigureAwait(false);
#if !NET
            // A pending read of the body does not see the token here; it does see the response go.
            using var abort = timer.Token.Register(static r => ((HttpResponseMessage)r!).Dispose(), response);
#endif
            var (body, broken) = response.Content is null ? default : await BoundedBody.ReadAsync(response.Content, timer.Token).ConfigureAwait(false);
            if (broken is not null && create is null) cancellationToken.ThrowIfCancellationRequested();
            return AnswerOf(response, body, broken, timeout, timer.IsCancellationRequested);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException or WebException or InvalidOperationException)
        {
            var timedOut = timer.IsCancellationRequested;
            if (create is not { WasStarted: true }) cancellationToken.ThrowIfCancellationRequested();
            if (!timedOut && GatewayProxy.IsRefusal(e)) throw new TransportException(ClientMessages.ProxyRefused(), null, timedOut) { IsProxyRefusal = true };
            var cause = WireFault.Harmless(e, _redactor);
            throw new TransportException(timedOut ? ClientMessages.NoResponseWithin(timeout) : ClientMessages.Cause(cause), cause, timedOut);
        }
    }

    private GatewayResponse AnswerOf(HttpResponseMessage response, ReadOnlyMemory<byte> body, Exception? broken, TimeSpan timeout, bool hasEnded)
    {
        var fault = broken is null ? null : WireFault.Harmless(broken, _redactor);
        return new GatewayResponse
        {
            Status = (int)response.StatusCode,
            Body = body,
            Key = _redactor,
            BodyFault = fault is not null && hasEnded ? new TimeoutException(ClientMessages.NoResponseWithin(timeout), fault) : fault,
            ContentType = response.Content?.Headers.ContentType?.MediaType,
            Location = response.Headers.Location,
            RetryAfter = RetryAfter.Read(response.Headers, _time.GetUtcNow()),
        };
    }
}

/// <summary>A request that got no answer.</summary>
internal sealed class TransportException : Exception
{
    public TransportException(string message, Exception? inner, bool timedOut) : base(message, inner) => TimedOut = timedOut;

    /// <summary>The proxy does not accept its user, and would not the next time.</summary>
    public bool IsProxyRefusal { get; init; }

    /// <summary>The request's own time ran out, as opposed to a broken or refused connection.</summary>
    public bool TimedOut { get; }
}
