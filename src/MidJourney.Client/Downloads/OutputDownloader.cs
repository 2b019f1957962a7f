using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using MidJourney.Gateway;
using MidJourney.Throttling;

namespace MidJourney.Downloads;

/// <summary>
/// Downloads results. It has no API key, so none can go to an image host. A file gets its name only when it is
/// complete; what breaks off is tried again, from where it was where the host can. Safe for use by many threads.
/// </summary>
internal sealed class OutputDownloader : IDisposable
{
    private const int MostTries = 5;
    private const int MostRedirects = 5;
    // As measured: with eight at once, 256 KB took half as much processor time again, probably because so much does not fit into a core's cache.
    private const int BufferSize = 64 * 1024;
    /// <summary>Bytes that must come within <see cref="Patience"/>: a modem is faster, and what is slower may never end.</summary>
    private const int LeastBytes = 16 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;
    private readonly string _userAgent;
    private readonly Random _random = new();
    // Its owner, and everybody who is at it.
    private int _users = 1;

    /// <param name="proxy">The proxy; null for the system's.</param>
    /// <param name="connections">Connections to one host, 1 or more.</param>
    /// <param name="handler">The transport, which follows no redirects; null for the real one. Disposed with the downloader.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public OutputDownloader(IWebProxy? proxy, int connections, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        _invoker = new HttpMessageInvoker(handler ?? HttpHandlers.CreateForFiles(proxy, connections), disposeHandler: true);
        _time = time ?? TimeProvider.System;
        _userAgent = new GatewayOptions().UserAgent;
    }

    /// <summary>Keeps its connections while it is used, also when its owner gives it up meanwhile.</summary>
    /// <returns>Whether it can be used; each use is ended by <see cref="Dispose"/>.</returns>
    public bool TryUse()
    {
        for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users) return true;
        return false;
    }

    /// <summary>Downloads one file, unless it is there already.</summary>
    /// <param name="target">What, and where to.</param>
    /// <param name="observer">Is told of repeats.</param>
    /// <param name="progress">Is told how many bytes came; from any thread.</param>
    /// <param name="cancellationToken">Ends it at once; nothing is left of what was not complete.</param>
    /// <exception cref="GatewayException">It could not be had, is no image, or could not be written.</exception>
    public async Task<Downloaded> SaveAsync(DownloadTarget target, IGatewayObserver? observer, Action<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await target.Folder.SweepAsync(cancellationToken).ConfigureAwait(false);
            if (!target.Force && await target.Folder.FindAsync(target, cancellationToken).ConfigureAwait(false) is { } there) return there;
            return await DownloadAsync(target, observer, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (GatewayException e) when (e.Kind == GatewayErrorKind.OutputGone && !target.Force && target.Folder.FindUnverified(target) is { } there)
        {
            observer?.Note(ClientMessages.NotVerified(there.Path, e.Message));
            return there;
        }
        catch (Exception e) when (e is not (GatewayException or OutOfMemoryException) && !cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, it is about this file, and the others are to be saved.
            throw Failed(target.Url, ClientMessages.Cause(e), isTransient: false, inner: e);
        }
    }

    /// <summary>Ends a use of it; the last one closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0) _invoker.Dispose();
    }

    private async Task<Downloaded> DownloadAsync(DownloadTarget target, IGatewayObserver? observer, Action<long>? progress, CancellationToken cancellationToken)
    {
        using var part = new PartFile(target);
        var url = target.Url;
        var late = new LateOutput(target, _time);
        for (var failures = 1; ; failures++)
        {
            TimeSpan wait;
            GatewayException error;
            try
            {
                if (target.Patience.IsProxyRefused) throw ProxyRefused(url);
                var file = await TryAsync(url, part, progress, cancellationToken).ConfigureAwait(false);
                late.Came();
                return file;
            }
            catch (GatewayException e) when (e.Kind == GatewayErrorKind.OutputGone)
            {
                var fresh = await late.RenewAsync(cancellationToken).ConfigureAwait(false);
                var isNew = fresh is not null && fresh != url;
                if (late.TimeToRepeat(e, isNew, Spread()) is not { } gone) throw;
                (wait, error, failures) = (gone, e, failures - 1);
                if (isNew) part.Restart();
                url = fresh ?? url;
            }
            catch (GatewayException e) when (e.Kind == GatewayErrorKind.ProxyAuthenticationRequired)
            {
                target.Patience.ProxyRefused();
                throw;
            }
            catch (GatewayException e) when (e.IsTransient && failures < MostTries)
            {
                wait = e.RetryAfter is { } asked ? asked < LongestWait ? asked : LongestWait : Backoff.After(failures, Spread());
                error = e;
            }
            observer?.Note(ClientMessages.Retrying(ClientMessages.Downloading(), error.Message.TrimEnd('.'), wait, Math.Max(1, failures)));
            await _time.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Downloaded> TryAsync(Uri url, PartFile part, Action<long>? progress, CancellationToken cancellationToken)
    {
        var pace = new Pace(_time.CancelAfter(Patience));
        using var stall = pace.Source;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
        try
        {
            using var response = await SendAsync(url, part, either.Token).ConfigureAwait(false);
            CheckAnswer(url, part, response);
            part.Begin(response);
#if NET
            using var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
#else
            using var body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            using var abort = either.Token.Register(static r => ((HttpResponseMessage)r!).Dispose(), response);
#endif
            using var file = await ContentCoding.DecodeAsync(body, response.Content, either.Token).ConfigureAwait(false);
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
            // Another connection may be a faster one where nothing came; where something did, it is as fast as it gets.
            throw Failed(url, !stall.IsCancellationRequested ? ClientMessages.Cause(e) : isSlow ? ClientMessages.DownloadSlow(LeastBytes, Patience) : ClientMessages.DownloadStalled(Patience), isTransient: !isSlow, inner: e);
        }
        return await part.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Follows redirects itself: a handler would follow them anywhere, and fails in ways of its own where it cannot.</summary>
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
                if (redirects == MostRedirects) throw Failed(url, ClientMessages.DownloadRedirectLimit(MostRedirects), isTransient: false, (int)response.StatusCode);
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
        // Images do not get smaller, and only what is not encoded can be resumed.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (part.Length > 0 && part.Validator is { } validator)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            request.Headers.TryAddWithoutValidation("If-Range", validator);
        }
        return request;
    }

    private void CheckAnswer(Uri url, PartFile part, HttpResponseMessage response)
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

    private static async Task CopyAsync(Stream body, PartFile part, Pace pace, Action<long>? progress, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var count = 0;
                // Few large writes are cheaper than many small ones, and the first must hold enough to tell what it is.
                while (count < buffer.Length)
                {
#if NET
                    var read = await body.ReadAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
#else
                    var read = await body.ReadAsync(buffer, count, buffer.Length - count, cancellationToken).ConfigureAwait(false);
#endif
                    if (read == 0) break;
                    count += read;
                    pace.Came(read);
                }
                if (count == 0) return;
                part.Write(buffer, count);
                progress?.Invoke(count);
                if (count < buffer.Length) return;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private double Spread()
    {
        lock (_random) return _random.NextDouble();
    }

    private static GatewayException ProxyRefused(Uri url) =>
        new(GatewayErrorKind.ProxyAuthenticationRequired, ClientMessages.DownloadFailed(url, ClientMessages.ProxyRefused()));

    private static GatewayException Failed(Uri url, string cause, bool isTransient, int? status = null, TimeSpan? retryAfter = null, Exception? inner = null) =>
        new(GatewayErrorKind.DownloadFailed, ClientMessages.DownloadFailed(url, cause), inner) { IsTransient = isTransient, HttpStatus = status, RetryAfter = retryAfter };

    /// <summary>Ends a try in which too little comes in too long a time.</summary>
    private sealed class Pace(CancellationTokenSource source)
    {
        public CancellationTokenSource Source => source;

        /// <summary>Since the time began anew.</summary>
        public int Bytes { get; private set; }

        public void Came(int count)
        {
            Bytes += count;
            if (Bytes < LeastBytes) return;
            Bytes = 0;
            source.CancelAfter(Patience);
        }
    }
}
