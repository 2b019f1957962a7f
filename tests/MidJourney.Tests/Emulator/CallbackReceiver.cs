using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MidJourney.Tests;

/// <summary>Receives callbacks, and answers them as the test says.</summary>
internal sealed class CallbackReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ReceivedCallback> _received = new();

    private CallbackReceiver(WebApplication server) => _server = server;

    public Uri Url => new($"{_server.Urls.First()}/mj/secret-1");

    public IReadOnlyList<ReceivedCallback> Received => [.. _received];

    /// <param name="answer">Gives the status, once the request was received; null for 200.</param>
    public static async Task<CallbackReceiver> StartAsync(Func<HttpContext, Task<int>>? answer = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new CallbackReceiver(builder.Build());
        receiver._server.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            receiver._received.Enqueue(new(http.Request.Method, http.Request.Path + http.Request.QueryString, http.Request.ContentType, await body.ReadToEndAsync()));
            http.Response.StatusCode = answer is null ? 200 : await answer(http);
        });
        await receiver._server.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }
}

internal sealed record ReceivedCallback(string Method, string Path, string? ContentType, string Body);
