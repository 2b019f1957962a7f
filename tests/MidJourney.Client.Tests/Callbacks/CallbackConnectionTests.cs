using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Client.Tests.Callbacks;

/// <summary>One request on a real connection: its response, and the text that is searched for words.</summary>
public sealed class CallbackConnectionTests
{
    private const string Counted = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    private const string NotCounted = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    private const string Malformed = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    private const string TooLong = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private readonly FakeTimeProvider _clock = Sample.Clock();

    [Theory]
    [InlineData("GET /s HTTP/1.1\r\nHost: a\r\n\r\n", "/s\n")]
    [InlineData("HEAD /s?id=1 HTTP/1.1\r\n\r\n", "/s?id=1\n")]
    [InlineData("MKCOL /s HTTP/1.0\r\n\r\n", "/s\n")]
    [InlineData("POST /a/s/b HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "/a/s/b\nhello")]
    [InlineData("POST /s HTTP/1.1\r\ncontent-length:\t5 \r\n\r\nhello", "/s\nhello")]
    [InlineData("POST http://public.example/s?x HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "http://public.example/s?x\n")]
    [InlineData("POST /%73 HTTP/1.1\r\nContent-Length: 2\r\n\r\n\xff\0", "/%73\n\xff\0")]
    [InlineData("PUT /s HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n06;a=\"b\"\r\n world\r\n0\r\nTrailer: x\r\n\r\n", "/s\nhello world")]
    public async Task Request_with_the_secret_counts(string request, string text)
    {
        Assert.Equal((Counted, text), await ExchangeAsync(request));
        Assert.Equal((Counted, text), await ExchangeAsync(request, isSlow: true));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET /?/s HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://s/?/s HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://s HTTP/1.1\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT s:80 HTTP/1.1\r\n\r\n")]
    [InlineData("POST /other HTTP/1.1\r\nContent-Length: 1000\r\n\r\n")]
    [InlineData("POST /other HTTP/1.1\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n")]
    [InlineData("POST /other HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public async Task Request_without_the_secret_is_not_found_before_its_body_is_read(string request) => Assert.Equal((NotCounted, null), await ExchangeAsync(request));

    [Theory]
    [InlineData("\r\n")]
    [InlineData("GET /s\r\n\r\n")]
    [InlineData("GET /s HTTP/2.0\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\x16\x03\x01\x02\0\x01\0")]
    [InlineData("GET  /s HTTP/1.1\r\n\r\n")]
    [InlineData("GET /s x HTTP/1.1\r\n\r\n")]
    [InlineData("GET /s\t HTTP/1.1\r\n\r\n")]
    [InlineData("GET\0 /s HTTP/1.1\r\n\r\n")]
    [InlineData("GET /s HTTP/1.1\n\n")]
    [InlineData("GET /s HTTP/1.1\r\nA: b\n\r\n")]
    [InlineData("GET /s HTTP/1.1\r\nA: b\rC: d\r\n\r\n")]
    [InlineData("GET /s HTTP/1.1\r\nA: b\0\r\n\r\n")]
    [InlineData("GET /s HTTP/1.1\r\nA: b\r\n c\r\n\r\n")]
    [InlineData("GET /s HTTP/1.1\r\nA : b\r\n\r\n")]
    [InlineData("GET /s HTTP/1.1\r\n: b\r\n\r\n")]
    [InlineData("GET /s HTTP/1.1\r\nA\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: -5\r\n\r\nhello")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: +5\r\n\r\nhello")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: 0x5\r\n\r\nhello")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length:\r\n\r\nhello")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: 18446744073709551621\r\n\r\nhello")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /s HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n")]
    public async Task Malformed_request_is_refused(string request) => Assert.Equal((Malformed, null), await ExchangeAsync(request));

    [Theory]
    [InlineData("GET /s/{0} HTTP/1.1\r\n\r\n")]
    [InlineData("GET /s HTTP/1.1\r\nA: {0}\r\n\r\n")]
    [InlineData("GET /s HTTP/1.1\r\n{0}", "a: b\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0;{0}\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n{0}\r\n\r\n", "a: b\r\n")]
    public async Task Header_and_trailer_are_limited(string request, string part = "a")
    {
        var (response, text) = await ExchangeAsync(request.Replace("{0}", string.Concat(Enumerable.Repeat(part, 16 * 1024 / part.Length + 1)), StringComparison.Ordinal));
        Assert.Equal((Malformed, null), (response, text));
    }

    [Fact]
    public async Task Body_of_1_MB_counts()
    {
        var body = new string('x', 1024 * 1024);
        Assert.Equal((Counted, "/s\n" + body), await ExchangeAsync($"POST /s HTTP/1.1\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    [Theory]
    [InlineData("Content-Length: 1048577\r\n\r\n")]
    [InlineData("Content-Length: 999999999999999999\r\nExpect: 100-continue\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n100001\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n")]
    public async Task Longer_body_is_not_read_but_the_target_is_searched(string request) =>
        Assert.Equal((TooLong, "/s/token\n"), await ExchangeAsync("POST /s/token HTTP/1.1\r\n" + request));

    [Fact]
    public async Task Many_small_chunks_are_limited_with_what_surrounds_them()
    {
        var chunks = string.Concat(Enumerable.Repeat("1\r\nx\r\n", 200_000));
        var (response, text) = await ExchangeAsync($"POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        Assert.Equal(TooLong, response);
        Assert.InRange(text!.Length, 100_000, 199_999);
    }

    [Fact]
    public async Task Sender_that_waits_is_asked_for_the_body()
    {
        var (caller, serving, found) = await StartAsync();
        using (caller)
        {
            await caller.SendAsync("POST /s HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await caller.ReadAsync("\r\n\r\n"));
            await caller.SendAsync("hello");
            Assert.Equal(Counted, await caller.ReadAsync());
        }
        await serving;
        Assert.Equal(["/s\nhello"], found);
    }

    [Theory]
    [InlineData("GET /s HT")]
    [InlineData("GET /s HTTP/1.1\r\nA: b\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: 5\r\n\r\nhell")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    public async Task Request_that_ends_early_does_not_count(string request)
    {
        var (caller, serving, found) = await StartAsync();
        using (caller)
        {
            await caller.SendAsync(request);
            caller.EndSending();
            await Assert.ThrowsAsync<EndOfStreamException>(() => serving);
        }
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("GET /s HTTP/1.1\r\nA: ")]
    [InlineData("POST /s HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")]
    [InlineData("POST /s HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfff00\r\n")]
    [InlineData("POST /other HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")]
    public async Task Slow_sender_is_cut_after_10_seconds(string request)
    {
        var (caller, serving, found) = await StartAsync();
        using (caller)
        {
            await caller.SendAsync(request);
            for (var second = 0; second < 9; second++)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                await caller.SendAsync("a");
            }
            Assert.False(serving.IsCompleted);
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAnyAsync<Exception>(() => serving);
            await caller.ReadAsync();
        }
        Assert.Empty(found);
    }

    private async Task<(string Response, string? Text)> ExchangeAsync(string request, bool isSlow = false)
    {
        var (caller, serving, found) = await StartAsync();
        using (caller)
        {
            if (!isSlow) await caller.SendAsync(request);
            else
                foreach (var c in request) await caller.SendAsync(c.ToString());
            var response = await caller.ReadAsync();
            caller.Dispose();
            await serving;
            return (response, found.SingleOrDefault());
        }
    }

    private async Task<(Caller Caller, Task Serving, List<string> Found)> StartAsync()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var caller = await Caller.ConnectAsync(((IPEndPoint)server.LocalEndpoint).Port);
        var socket = await server.AcceptSocketAsync();
        var found = new List<string>();
        var paths = new AcceptedPaths();
        paths.Add("/s");
        return (caller, ServeAsync(), found);

        async Task ServeAsync()
        {
            using var connection = new CallbackConnection(socket, paths.Contains, text => found.Add(Encoding.Latin1.GetString(text)), _clock);
            await connection.ServeAsync();
        }
    }
}
