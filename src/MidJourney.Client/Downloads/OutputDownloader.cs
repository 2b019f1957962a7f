using System.Net;
using System.Net.Http.Headers;
using MidJourney.Gateway;
using MidJourney.Throttling;

namespace MidJourney.Downloads;

/// <summary>
/// Downloads outputs. It has no API key, so it cannot send one to an image host. A file gets its name only when it is complete; an interrupted download
/// continues where it stopped, if the host supports that. Thread-safe.
/// </summary>
internal sealed class OutputDownloader : IDisposable
{
    private const int MaxTries = 5;
    private const int MaxRedirects = 5;
    // Measured with eight downloads at once: 256 KB took 50 % more processor time.
    private const int BufferSize = 64 * 1024;
    /// <summary>The minimum to receive per <see cref="PaceInterval"/>. A modem is faster, and a slower download may never end.</summary>
    private const int MinBytes = 16 * 1024;
    private static readonly TimeSpan PaceInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;
    private readonly string _userAgent;
    private readonly Random _random = new();
    // Its owner counts, too.
    private int _users = 1;

    /// <param name="proxy">Null for the system's proxy.</param>
    /// <param name="connections">The maximum number of connections per host.</param>
    /// <param name="handler">The transport, which must not follow redirects; null for the real one. Disposed with the downloader.</param>
    /// <param name="time">Null for the system's clock.</param>
    public OutputDownloader(IWebProxy? proxy, int connections, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        _invoker = new HttpMessageInvoker(handler ?? HttpHandlers.CreateForFiles(proxy, connections), disposeHandler: true);
        _time = time ?? TimeProvider.System;
        _userAgent = new GatewayOptions().UserAgent;
    }

    /// <summary>Keeps the connections open while they are used, even if the owner disposes the downloader in the meantime.</summary>
    /// <returns>False if it is already closed. Each use is ended by <see cref="Dispose"/>.</returns>
    public bool TryUse()
    {
        for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users) return true;
        return false;
    }

    /// <summary>Downloads one file, unless it already exists.</summary>
    /// <exception cref="GatewayException">The file could not be downloaded, is not an image or a video, or could not be written.</exception>
    public async Task<DownloadedFile> SaveAsync(DownloadTarget target, IGatewayObserver? observer, Action? progress, CancellationToken cancellationToken)
    {
        try
        {
            await target.Folder.SweepAsync(cancellationToken).ConfigureAwait(false);
            if (!target.Force && await target.Folder.FindAsync(target, cancellationToken).ConfigureAwait(false) is { } existing) return existing;
            return await DownloadAsync(target, observer, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (GatewayException e) when (e.Kind == GatewayErrorKind.OutputGone && !target.Force && target.Folder.FindUnverified(target) is { } existing)
        {
            observer?.Note(ClientMessages.NotVerified(existing.Path, e.Message));
            return existing;
        }
        catch (Exception e) when (e is not (GatewayException or OutOfMemoryException) && !cancellationToken.IsCancellationRequested)
        {
            // Any fault is about this file alone; the others are still saved.
            throw Failed(target.Url, ClientMessages.Cause(e), isTransient: false, inner: e);
        }
    }

    /// <summary>Ends one use; the last one closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0) _invoker.Dispose();
    }

    private async Task<DownloadedFile> DownloadAsync(DownloadTarget target, IGatewayObserver? observer, Action? progress, CancellationToken cancellationToken)
    {
        using var part = new PartFile(target);
        var url = target.Url;
        var missing = new MissingFile(target, _time);
        for (var failures = 1; ; failures++)
        {
            TimeSpan wait;
            GatewayException error;
            try
            {
                if (target.Run.IsProxyRefused) throw ProxyRefused(url);
                var file = await TryAsync(url, part, progress, cancellationToken).ConfigureAwait(false);
                missing.Arrived();
                return file;
            }
            catch (GatewayException e) when (e.Kind == GatewayErrorKind.OutputGone)
            {
                var fresh = await missing.RenewAsync(cancellationToken).ConfigureAwait(false);
                var isNew = fresh is not null && fresh != url;
                if (missing.NextWait(e, isNew, Spread()) is not { } next) throw;
                (wait, error, failures) = (next, e, failures - 1);
                if (isNew) part.Restart();
                url = fresh ?? url;
            }
            catch (GatewayException e) when (e.Kind == GatewayErrorKind.ProxyAuthenticationRequired)
            {
                target.Run.ProxyRefused();
                throw;
            }
            catch (GatewayException e) when (e.IsTransient && failures < MaxTries)
            {
                wait = e.RetryAfter is { } requested ? requested < MaxWait ? requested : MaxWait : Backoff.After(failures, Spread());
                error = e;
            }
            observer?.Note(ClientMessages.Retrying(ClientMessages.Downloading(), error.Message.TrimEnd('.'), wait, Math.Max(1, failures)));
            await _time.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<DownloadedFile> TryAsync(Uri url, PartFile part, Action? progress, CancellationToken cancellationToken)
    {
        var pace = new Pace(_time.CancelAfter(PaceInterval));
        using var stall = pace.Source;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
        try
        {
            using var response = await SendAsync(url, part, either.Token).ConfigureAwait(false);
            CheckStatus(url, part, response);
            part.Begin(response);
#if NET
            using var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
#else
            using var body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            using var abort = either.Token.Register(static r => ((HttpResponseMessage)r!).Dispose(), response);
#endif
            using var file = await ContentEncoding.DecodeAsync(body, response.Content, either.Token).ConfigureAwait(false);
            await CopyAsync(file, part, pace, progress, either.Token).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new GatewayException(GatewayErrorKind.InvalidOutput, ClientMessages.InvalidOutput(url, ClientMessages.OutputNotDecoded()), e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException or WebException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (GatewayProxy.IsRefusal(e)) throw ProxyRefused(url);
            var isSlow = stall.IsCancellationRequested && pace.Bytes > 0;
            // If nothing was received, another connection may be faster; a slow one will not be.
            throw Failed(url, !stall.IsCancellationRequested ? ClientMessages.Cause(e) : isSlow ? ClientMessages.DownloadSlow(MinBytes, PaceInterval) : ClientMessages.DownloadStalled(PaceInterval), isTransient: !isSlow, inner: e);
        }
        return await part.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Follows redirects here, because a handler would follow them to any URL.</summary>
    private async Task<HttpResponseMessage> SendAsync(Uri url, PartFile part, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = NewRequest(url, part);
            var response = await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return response;
            using (response)
            {
                var next = FileUrl.Next(url, Location(response));
                if (next is null) throw Failed(url, ClientMessages.DownloadRedirected(), isTransient: false, (int)response.StatusCode);
                if (url.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps) throw Failed(url, ClientMessages.DownloadInsecure(), isTransient: false, (int)response.StatusCode);
                if (redirects == MaxRedirects) throw Failed(url, ClientMessages.DownloadRedirectLimit(MaxRedirects), isTransient: false, (int)response.StatusCode);
                url = next;
            }
        }
    }

    private static Uri? Location(HttpResponseMessage response)
    {
        try { return response.Headers.Location; }
        catch (Exception e) when (e is FormatException or InvalidOperationException) { return null; }
    }

    private HttpRequestMessage NewRequest(Uri url, PartFile part)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11 };
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        request.Headers.TryAddWithoutValidation("Accept", "image/*,video/*,*/*;q=0.5");
        // Encoding does not make images smaller, and an encoded download cannot be resumed.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (part.Length > 0 && part.Validator is { } validator)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            request.Headers.TryAddWithoutValidation("If-Range", validator);
        }
        return request;
    }

    private void CheckStatus(Uri url, PartFile part, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            part.Restart();
            throw Failed(url, ClientMessages.HttpStatus(status, null), isTransient: true, status);
        }
        if (status == 407) throw ProxyRefused(url);
        if (status is 401 or 403 or 404 or 410)
            throw new GatewayException(GatewayErrorKind.OutputGone, ClientMessages.OutputGone(url, status)) { HttpStatus = status };
        if (!response.IsSuccessStatusCode)
            throw Failed(url, ClientMessages.HttpStatus(status, null), status is 408 or 429 or >= 500, status, RetryAfter.Read(response.Headers, _time.GetUtcNow()));
    }

    private static async Task CopyAsync(Stream body, PartFile part, Pace pace, Action? progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        int count;
        do
        {
            // The first write must contain enough bytes to identify the file.
            count = await body.FillAsync(buffer, pace.Received, cancellationToken).ConfigureAwait(false);
            if (count == 0) return;
            part.Write(buffer, count);
            progress?.Invoke();
        }
        while (count == buffer.Length);
    }

    private double Spread()
    {
        lock (_random) return _random.NextDouble();
    }

    private static GatewayException ProxyRefused(Uri url) =>
        new(GatewayErrorKind.ProxyAuthenticationRequired, ClientMessages.DownloadFailed(url, ClientMessages.ProxyRefused()));

    private static GatewayException Failed(Uri url, string cause, bool isTransient, int? status = null, TimeSpan? retryAfter = null, Exception? inner = null) =>
        new(GatewayErrorKind.DownloadFailed, ClientMessages.DownloadFailed(url, cause), inner) { IsTransient = isTransient, HttpStatus = status, RetryAfter = retryAfter };

    /// <summary>Cancels a try that receives too little in too much time.</summary>
    private sealed class Pace(CancellationTokenSource source)
    {
        public CancellationTokenSource Source => source;

        /// <summary>Received in the current interval.</summary>
        public int Bytes { get; private set; }

        public void Received(int count)
        {
            Bytes += count;
            if (Bytes < MinBytes) return;
            Bytes = 0;
            source.CancelAfter(PaceInterval);
        }
    }
}
