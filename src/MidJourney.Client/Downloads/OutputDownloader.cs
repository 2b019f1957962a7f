using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace MidJourney;

/// <summary>
/// Downloads results. It has no API key, so none can go to an image host. A file gets its name only when it is
/// complete; what breaks off is tried again, from where it was where the host can. Safe for use by many threads.
/// </summary>
public sealed class OutputDownloader : IDisposable
{
    /// <summary>Bytes of one file; more is no image of this gateway.</summary>
    public const long MostBytes = 4L * 1024 * 1024 * 1024;

    private const int MostTries = 5;
    // As measured: with eight at once, 256 KB took half as much processor time again, probably because so much does not fit into a core's cache.
    private const int BufferSize = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeProvider _time;
    private readonly string _userAgent;
    private readonly Random _random = new();

    /// <param name="proxy">The proxy; null for the system's.</param>
    /// <param name="connections">Connections to one host, 1 or more.</param>
    /// <param name="handler">The transport; null for the real one. Disposed with the downloader.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public OutputDownloader(IWebProxy? proxy, int connections, HttpMessageHandler? handler = null, TimeProvider? time = null)
    {
        _invoker = new HttpMessageInvoker(handler ?? HttpHandlers.CreateForFiles(proxy, connections), disposeHandler: true);
        _time = time ?? TimeProvider.System;
        _userAgent = new GatewayOptions().UserAgent;
    }

    /// <summary>Downloads one file, unless it is there already.</summary>
    /// <param name="target">What, and where to.</param>
    /// <param name="observer">Is told of repeats.</param>
    /// <param name="progress">Is told how many bytes came; from any thread.</param>
    /// <param name="cancellationToken">Ends it at once; nothing is left of what was not complete.</param>
    /// <exception cref="GatewayException">It could not be had, is no image, or could not be written.</exception>
    public async Task<Downloaded> SaveAsync(DownloadTarget target, IGatewayObserver? observer, Action<long>? progress, CancellationToken cancellationToken)
    {
        using var part = new PartFile(target);
        for (var failures = 1; ; failures++)
        {
            TimeSpan wait;
            try
            {
                return await TryAsync(target, part, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (GatewayException e) when (e.IsTransient && failures < MostTries)
            {
                wait = e.RetryAfter is { } asked ? asked < LongestWait ? asked : LongestWait : Backoff.After(failures, Spread());
                observer?.Note(Messages.Repeating(Messages.Download(), e.Message.TrimEnd('.'), wait, failures));
            }
            await _time.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all downloads.</summary>
    public void Dispose() => _invoker.Dispose();

    private async Task<Downloaded> TryAsync(DownloadTarget target, PartFile part, Action<long>? progress, CancellationToken cancellationToken)
    {
        using var stall = _time.CancelAfter(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
        using var request = NewRequest(target.Url, part);
        try
        {
            using var response = await _invoker.SendAsync(request, either.Token).ConfigureAwait(false);
            CheckAnswer(target, part, response);
            if (part.Begin(response, target) is { } there) return there;
#if NET
            using var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
#else
            using var body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            using var abort = either.Token.Register(static r => ((HttpResponseMessage)r!).Dispose(), response);
#endif
            await CopyAsync(body, part, stall, progress, either.Token).ConfigureAwait(false);
            return part.Complete(target);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException or WebException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (GatewayProxy.IsRefusal(e)) throw ProxyRefused(target);
            throw Failed(target, stall.IsCancellationRequested ? Messages.DownloadStalled(Patience) : Messages.Cause(e), isTransient: true, inner: e);
        }
    }

    private HttpRequestMessage NewRequest(Uri url, PartFile part)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11 };
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        request.Headers.TryAddWithoutValidation("Accept", "image/*,video/*,*/*;q=0.5");
        if (part.Length > 0 && part.Validator is { } validator)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            request.Headers.TryAddWithoutValidation("If-Range", validator);
        }
        return request;
    }

    private void CheckAnswer(DownloadTarget target, PartFile part, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (target.Url.Scheme == Uri.UriSchemeHttps && response.RequestMessage?.RequestUri is { } last && last.Scheme != Uri.UriSchemeHttps)
            throw Failed(target, Messages.DownloadInsecure(), isTransient: false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            part.Restart();
            throw Failed(target, Messages.Answered(status, null), isTransient: true, status);
        }
        if (status == 407) throw ProxyRefused(target);
        if (status is 401 or 403 or 404 or 410)
            throw new GatewayException(GatewayErrorKind.OutputGone, Messages.OutputGone(target.Url, status)) { HttpStatus = status };
        if (!response.IsSuccessStatusCode)
            throw Failed(target, Messages.Answered(status, null), status is 408 or 429 or >= 500, status, RetryAfter.Read(response.Headers, _time.GetUtcNow()));
    }

    private static async Task CopyAsync(Stream body, PartFile part, CancellationTokenSource stall, Action<long>? progress, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var count = 0;
                // Few large writes are cheaper than many small ones, and the first must hold enough to tell a page by.
                while (count < buffer.Length)
                {
#if NET
                    var read = await body.ReadAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
#else
                    var read = await body.ReadAsync(buffer, count, buffer.Length - count, cancellationToken).ConfigureAwait(false);
#endif
                    if (read == 0) break;
                    count += read;
                    stall.CancelAfter(Patience);
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

    private static GatewayException ProxyRefused(DownloadTarget target) =>
        new(GatewayErrorKind.ProxyAuthenticationRequired, Messages.DownloadFailed(target.Url, Messages.ProxyRefused()));

    private static GatewayException Failed(DownloadTarget target, string cause, bool isTransient, int? status = null, TimeSpan? retryAfter = null, Exception? inner = null) =>
        new(GatewayErrorKind.DownloadFailed, Messages.DownloadFailed(target.Url, cause), inner) { IsTransient = isTransient, HttpStatus = status, RetryAfter = retryAfter };
}
