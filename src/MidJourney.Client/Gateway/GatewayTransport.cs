using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using MidJourney.Json;
using MidJourney.Throttling;

namespace MidJourney.Gateway;

/// <summary>One request and its response. Only this class holds the key, and it never returns it.</summary>
internal sealed class GatewayTransport : IDisposable
{
    /// <summary>How long a create that has been sent may still be answered after its caller was cancelled.</summary>
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

    public bool Uses(string apiKey) => _authorization.Parameter == apiKey;

    /// <summary>JSON without the key; ids and other values that requests need stay as they are.</summary>
    public byte[] RedactJson(byte[] json)
    {
        var redacted = _redactor.RedactJson(json);
        return redacted.Equals((ReadOnlyMemory<byte>)json) ? json : redacted.ToArray();
    }

    /// <summary>A text without the key and the proxy's password.</summary>
    public string Redact(string text) => _redactor.Redact(text);

    /// <summary>Distinguishes keys without revealing them: the start of a salted hash.</summary>
    public string Fingerprint(byte[] salt) => ApiKey.Fingerprint(_authorization.Parameter!, salt);

    /// <summary>The original of a redacted id.</summary>
    public string OriginalId(string id) => _redactor.OriginalId(id);

    /// <exception cref="TransportException">There was no response.</exception>
    public Task<GatewayResponse> GetAsync(Uri uri, TimeSpan timeout, CancellationToken cancellationToken, bool withKey = true) =>
        ExchangeAsync(NewRequest(HttpMethod.Get, uri, withKey: withKey), null, timeout, cancellationToken);

    /// <summary>Sends JSON in a request that makes nothing, so that it may be cancelled at any time.</summary>
    /// <exception cref="TransportException">There was no response.</exception>
    public Task<GatewayResponse> PostFreeAsync(Uri uri, byte[] json, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(json);
        content.Headers.ContentType = CreateContent.Json;
        return ExchangeAsync(NewRequest(HttpMethod.Post, uri, content), null, timeout, cancellationToken);
    }

    /// <summary>
    /// When the caller cancels, a create that has not started is withdrawn at once. One that has continues for <see cref="Grace"/>,
    /// because its task may be created and paid.
    /// </summary>
    public Task<GatewayResponse> PostAsync(Uri uri, CreateContent content, TimeSpan timeout, CancellationToken cancellationToken) =>
        ExchangeAsync(NewRequest(HttpMethod.Post, uri, content), content, timeout, cancellationToken);

    public bool Holds(string text) => ApiKey.IsIn(_authorization.Parameter!, text);

    public void Dispose() => _invoker.Dispose();

    private HttpRequestMessage NewRequest(HttpMethod method, Uri uri, HttpContent? content = null, bool withKey = true)
    {
        var request = new HttpRequestMessage(method, uri) { Version = HttpVersion.Version11, Content = content };
        if (withKey) request.Headers.Authorization = _authorization;
#if !NET
        // .NET Framework resets an idle endpoint to its default, which costs a round trip.
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
            // A pending read of the body ignores the token here, but ends when the response is disposed.
            using var abort = timer.Token.Register(static r => ((HttpResponseMessage)r!).Dispose(), response);
#endif
            var (body, broken) = response.Content is null ? default : await BoundedBody.ReadAsync(response.Content, timer.Token).ConfigureAwait(false);
            if (broken is not null && create is null) cancellationToken.ThrowIfCancellationRequested();
            return ResponseOf(response, body, broken, timeout, timer.IsCancellationRequested);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException or WebException or InvalidOperationException)
        {
            var timedOut = timer.IsCancellationRequested;
            if (create is not { WasStarted: true }) cancellationToken.ThrowIfCancellationRequested();
            if (!timedOut && GatewayProxy.IsRefusal(e)) throw new TransportException(ClientMessages.ProxyRefused(), null, timedOut) { IsProxyRefusal = true };
            var cause = WireFault.Safe(e, _redactor);
            throw new TransportException(timedOut ? ClientMessages.NoResponseWithin(timeout) : ClientMessages.Cause(cause), cause, timedOut)
            { IsUntrusted = WireFault.IsOfTls(e), IsNameUnknown = WireFault.IsOfName(e) };
        }
    }

    private GatewayResponse ResponseOf(HttpResponseMessage response, ReadOnlyMemory<byte> body, Exception? broken, TimeSpan timeout, bool hasEnded)
    {
        var fault = broken is null ? null : WireFault.Safe(broken, _redactor);
        return new GatewayResponse
        {
            Status = (int)response.StatusCode,
            Body = body,
            Key = _redactor,
            BodyFault = fault is not null && hasEnded ? new TimeoutException(ClientMessages.NoResponseWithin(timeout), fault) : fault,
            ContentType = response.Content?.Headers.ContentType?.MediaType,
            Location = response.Headers.Location,
            RetryAfter = RetryAfter.Read(response.Headers, _time.GetUtcNow()),
            Date = ClockDifference.DateOf(response.Headers),
        };
    }
}

/// <summary>A request without a response.</summary>
internal sealed class TransportException : Exception
{
    public TransportException(string message, Exception? inner, bool timedOut) : base(message, inner) => TimedOut = timedOut;

    /// <summary>The proxy rejects its user, so that a retry would fail as well.</summary>
    public bool IsProxyRefusal { get; init; }

    /// <summary>TLS failed, such as because of the certificate, so that only somebody's action ends it.</summary>
    public bool IsUntrusted { get; init; }

    /// <summary>The name of the host, or of the proxy, could not be resolved.</summary>
    public bool IsNameUnknown { get; init; }

    /// <summary>The request timed out, as opposed to a broken or refused connection.</summary>
    public bool TimedOut { get; }

    /// <summary>The error of a request that may be sent again.</summary>
    public GatewayErrorKind Kind => IsProxyRefusal ? GatewayErrorKind.ProxyAuthenticationRequired
        : TimedOut ? GatewayErrorKind.RequestTimedOut : GatewayErrorKind.ConnectionFailed;
}

/// <summary>
/// What may be shown of a framework exception. Those of the operating system and of TLS may be; those about a malformed response
/// quote it in forms that a redactor cannot find the key in, and are replaced by a text of this module.
/// </summary>
internal static class WireFault
{
    /// <summary>The exception itself if its texts are safe, otherwise a replacement.</summary>
    public static Exception Safe(Exception fault, KeyRedactor key)
    {
        var deepest = fault;
        for (var e = fault; e is not null; e = e.InnerException)
        {
            if (!SafeText.IsPrintable(e.Message) || key.Redact(e.Message) != e.Message) return Own(fault);
            deepest = e;
        }
        return deepest is SocketException or AuthenticationException or OperationCanceledException or OwnException ? fault : Own(fault);
    }

    public static bool IsOfTls(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
            if (e is AuthenticationException or WebException { Status: WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure }) return true;
        return false;
    }

    public static bool IsOfName(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
            if (e is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery }
                or WebException { Status: WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ProxyNameResolutionFailure }) return true;
        return false;
    }

    public static Exception TooLong(int limit) => new OwnException(ClientMessages.ResponseTooLong(limit));

    private static OwnException Own(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
            if (IsEarlyEnd(e)) return new OwnException(ClientMessages.ResponseIncomplete());
        return new OwnException(ClientMessages.TransportFault(fault is WebException web ? $"{nameof(WebException)}, {web.Status}" : fault.GetType().Name));
    }

    private static bool IsEarlyEnd(Exception e) =>
#if NET
        e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or EndOfStreamException;
#else
        e is WebException { Status: WebExceptionStatus.ConnectionClosed or WebExceptionStatus.KeepAliveFailure or WebExceptionStatus.ReceiveFailure } or EndOfStreamException;
#endif

    private sealed class OwnException(string message) : IOException(message);
}

/// <summary>Reports one request to -Verbose: its number in the session, method, path, subject, result and duration.</summary>
internal sealed class RequestTrace(IGatewayObserver observer, TimeProvider time, Func<string, string> redact, long number, string method, Uri uri, MJSubmission? submission)
{
    private readonly long _since = time.GetTimestamp();

    public void Completed(GatewayResponse response)
    {
        var took = time.GetElapsedTime(_since);
        Note(response.BodyFault is { } broken ? ClientMessages.RequestFailed(Subject, ClientMessages.ResponseCutOff(broken), took) : ClientMessages.RequestAnswered(Subject, response.Status, took, response.RetryAfter));
    }

    public void Failed(string cause) => Note(ClientMessages.RequestFailed(Subject, cause, time.GetElapsedTime(_since)));

    private string Subject => ClientMessages.Request(number, method, SafeText.Printable(Uri.UnescapeDataString(uri.AbsolutePath)), submission);

    // A key that was passed as an id is part of the path.
    private void Note(string line) => observer.Note(redact(line));
}

/// <summary>
/// The body of a create, which tracks whether any of it may have been sent. Until the transport asks for the bytes there is no
/// connection, so a failure before that certainly created no task. It provides the bytes only once, even if the transport asks again.
/// </summary>
internal sealed class CreateContent : HttpContent
{
    internal static readonly MediaTypeHeaderValue Json = new("application/json") { CharSet = "utf-8" };

    private const int Waiting = 0, Started = 1, Withdrawn = 2;

    private readonly byte[] _body;
    private int _state;

    public CreateContent(byte[] body)
    {
        _body = body;
        Headers.ContentType = Json;
    }

    /// <summary>Whether the transport asked for the bytes: from then on the task may exist.</summary>
    public bool WasStarted => Volatile.Read(ref _state) == Started;

    /// <summary>Ensures that the bytes are never sent; false if it is too late.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) != Started;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => WriteAsync(stream, default);

#if NET
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        WriteAsync(stream, cancellationToken);
#endif

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }

    private Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        switch (Interlocked.CompareExchange(ref _state, Started, Waiting))
        {
            case Withdrawn: throw new OperationCanceledException("The create was withdrawn before it was sent.");
            // .NET Framework asks again if a kept connection is found closed, or to answer a challenge.
            case Started: throw new InvalidOperationException("The transport wanted to send a create twice.");
        }
        return stream.WriteAsync(_body, 0, _body.Length, cancellationToken);
    }
}
