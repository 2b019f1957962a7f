using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>What a gateway, or the network, may do with a request.</summary>
internal static class Answers
{
    public static readonly HttpRequestOptionsKey<SentRequest> Sent = new("sent");

    public static Answer Json(string body, int status = 200, string? retryAfter = null, DateTimeOffset? date = null) =>
        Bytes(Encoding.UTF8.GetBytes(body), status, "application/json", retryAfter, date);

    public static Answer Html(string body, int status) => Bytes(Encoding.UTF8.GetBytes(body), status, "text/html");

    public static Answer Bytes(byte[] body, int status = 200, string? contentType = null, string? retryAfter = null, DateTimeOffset? date = null) =>
        async (request, ended) =>
        {
            await TakeBodyAsync(request, ended).ConfigureAwait(false);
            return Response(status, new ByteArrayContent(body), contentType, retryAfter, date);
        };

    /// <summary>The connection breaks after this part of the response.</summary>
    public static Answer Truncated(string body, int status = 200) => async (request, ended) =>
    {
        await TakeBodyAsync(request, ended).ConfigureAwait(false);
        return Response(status, new StreamContent(new BreakingStream(Encoding.UTF8.GetBytes(body))), "application/json");
    };

    public static Answer Redirect(string location, int status = 302, string body = "") => async (request, ended) =>
    {
        await TakeBodyAsync(request, ended).ConfigureAwait(false);
        var response = Response(status, new ByteArrayContent(Encoding.UTF8.GetBytes(body)), "application/json");
        response.Headers.TryAddWithoutValidation("Location", location);
        return response;
    };

    /// <summary>No connection is made, so the body is never read.</summary>
    public static Answer NotConnected() => (_, _) => throw new HttpRequestException("Connection refused", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused));

    /// <summary>The request is sent, then the connection breaks.</summary>
    public static Answer CutAfterSending() => async (request, ended) =>
    {
        await TakeBodyAsync(request, ended).ConfigureAwait(false);
        throw new HttpRequestException("An error occurred while sending the request.", new IOException("The connection was reset."));
    };

    /// <summary>Nothing happens until the request is cancelled; the body is never read.</summary>
    public static Answer HangBeforeSending() => async (_, ended) =>
    {
        await Task.Delay(Timeout.Infinite, ended).ConfigureAwait(false);
        throw new InvalidOperationException();
    };

    /// <summary>The request is sent, and there is no response.</summary>
    public static Answer HangAfterSending() => async (request, ended) =>
    {
        await TakeBodyAsync(request, ended).ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, ended).ConfigureAwait(false);
        throw new InvalidOperationException();
    };

    /// <summary>The request is sent; the response comes when <paramref name="go"/> completes.</summary>
    public static Answer After(Task go, Answer answer) => async (request, ended) =>
    {
        await TakeBodyAsync(request, ended).ConfigureAwait(false);
        await go.WaitAsync(ended).ConfigureAwait(false);
        return await answer(request, ended).ConfigureAwait(false);
    };

    private static async Task TakeBodyAsync(HttpRequestMessage request, CancellationToken ended)
    {
        if (request.Content is null || !request.Options.TryGetValue(Sent, out var sent) || sent.Body is not null) return;
        using var stream = new MemoryStream();
        await request.Content.CopyToAsync(stream, ended).ConfigureAwait(false);
        sent.Body = stream.ToArray();
    }

    private static HttpResponseMessage Response(int status, HttpContent content, string? contentType, string? retryAfter = null, DateTimeOffset? date = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = content };
        if (contentType is not null) content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (retryAfter is not null) response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        response.Headers.Date = date;
        return response;
    }
}
