using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using MidJourney.Tests;

namespace MidJourney.Client.Tests;

/// <summary>
/// A malicious gateway on real sockets: whatever it sends, a read ends with a known error and a create with an unknown outcome, within the request timeout
/// and with limited memory.
/// </summary>
public sealed class HostileGatewayTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(0.4);

    [Fact]
    public async Task Endless_body_is_read_to_the_limit()
    {
        var sent = 0L;
        await using var server = new RawServer(async (socket, end) =>
        {
            await RawServer.ReadRequestAsync(socket, end);
            await socket.SendAsync(Encoding.ASCII.GetBytes(Ok + "Transfer-Encoding: chunked\r\n\r\n"), end);
            var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string(' ', 65536) + "\r\n");
            while (true) Interlocked.Add(ref sent, await socket.SendAsync(chunk, end));
        });
        await MustFailAsync(server, GatewayErrorKind.InvalidResponse, "longer than 16 MB");
        Assert.InRange(sent, 2L << 24, 4L << 24);
    }

    [Fact]
    public Task Length_above_the_limit_is_read_to_the_limit() =>
        MustFailAsync(() => [.. Encoding.ASCII.GetBytes(Ok + $"Content-Length: {20 << 20}\r\n\r\n"), .. new byte[20 << 20]], GatewayErrorKind.InvalidResponse, "longer than 16 MB");

    [Fact]
    public Task Length_beyond_all_memory_is_not_trusted() =>
        MustFailAsync(() => Encoding.ASCII.GetBytes(Ok + $"Content-Length: {long.MaxValue}\r\n\r\n{{"), GatewayErrorKind.InvalidResponse, "was cut off");

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public Task Decompression_bomb_is_read_to_the_limit(string encoding)
    {
        var bomb = Pack(new byte[64 << 20], encoding);
        Assert.InRange(bomb.Length, 0, 1 << 20);
        return MustFailAsync(() => Packed(bomb, encoding), GatewayErrorKind.InvalidResponse, "longer than 16 MB");
    }

    [Fact]
    public Task Nested_decompression_bomb_is_not_unpacked_beyond_the_limit() =>
        MustFailAsync(() => Packed(Pack(Pack(new byte[64 << 20], "gzip"), "gzip"), "gzip, gzip"), GatewayErrorKind.InvalidResponse, "");

    [Fact]
    public Task Wrong_content_encoding_is_an_invalid_response() =>
        MustFailAsync(() => Packed("{\"id\":\"t\",\"status\":\"completed\"}"u8.ToArray(), "gzip"), GatewayErrorKind.InvalidResponse, "was cut off");

    [Theory]
    [InlineData(1)]
    [InlineData(20_000)]
    public Task Headers_are_read_to_a_limit(int count)
    {
        var value = new string('x', 1_000_000 / count);
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {value}\r\n"));
        return MustFailAsync(() => Encoding.ASCII.GetBytes(Ok + headers + "Content-Length: 2\r\n\r\n{}"), GatewayErrorKind.ConnectionFailed, "");
    }

    [Theory]
    [InlineData("HELO gateway\r\n\r\n")]
    [InlineData("HTTP/9.9 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    [InlineData("\0\0\0\0")]
    [InlineData("HTTP/1.1 \u001b[31mred\u0007 " + Sample.Key + "\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\u001b[31mred " + Sample.Key + "\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\u001b[31m" + Sample.Key + "\r\n{}\r\n")]
    public Task Invalid_HTTP_is_an_error(string answer) => MustFailAsync(() => Encoding.Latin1.GetBytes(answer), null, "");

    [Fact]
    public async Task Endless_interim_responses_are_stopped()
    {
        await using var server = Streaming("", "HTTP/1.1 100 Continue\r\n\r\n", TimeSpan.Zero);
        await MustFailAsync(server, null, "", Quick);
    }

    [Fact]
    public async Task Slow_headers_end_with_the_request_timeout()
    {
        await using var server = Streaming("HTTP/1.1 200 OK\r\n", "X-A: b\r\n", TimeSpan.FromMilliseconds(20));
        await MustFailAsync(server, GatewayErrorKind.RequestTimedOut, "no response within", Quick);
    }

    [Fact]
    public async Task Slow_body_ends_with_the_request_timeout()
    {
        await using var server = Streaming(Ok + "Content-Length: 100000\r\n\r\n{", " ", TimeSpan.FromMilliseconds(20));
        await MustFailAsync(server, GatewayErrorKind.InvalidResponse, "no response within", Quick);
    }

    [Theory]
    [InlineData("101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade")]
    [InlineData("303 See Other\r\nLocation: /model/v1/generation")]
    public async Task Response_that_may_mean_accepted_makes_the_outcome_unknown(string status)
    {
        await using var server = RawServer.Answering(() => Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
        using var client = Client(server, TimeSpan.FromSeconds(10));
        var error = await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Submission));
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, error.Kind);
    }

    [Fact]
    public async Task Cookies_and_challenges_are_ignored()
    {
        var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var server = new RawServer(async (socket, end) =>
        {
            requests.Enqueue(await RawServer.ReadRequestAsync(socket, end));
            await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 401 Unauthorized\r\nSet-Cookie: a=b\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: Basic realm=\"x\"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), end);
        });
        using var client = Client(server, TimeSpan.FromSeconds(10));
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<GatewayException>(() => client.ReadOnceAsync("t", null, default));
        Assert.Equal(2, requests.Count);
        Assert.All(requests, r => Assert.Contains($"Authorization: Bearer {Sample.Key}\r\n", r, StringComparison.Ordinal));
        Assert.All(requests, r => Assert.DoesNotContain("Cookie", r, StringComparison.Ordinal));
    }

    private static Task MustFailAsync(Func<byte[]> answer, GatewayErrorKind? read, string says) => WithServerAsync(RawServer.Answering(answer), read, says);

    private static async Task WithServerAsync(RawServer server, GatewayErrorKind? read, string says)
    {
        await using (server) await MustFailAsync(server, read, says);
    }

    private static async Task MustFailAsync(RawServer server, GatewayErrorKind? read, string says, TimeSpan? timeout = null)
    {
        using var client = Client(server, timeout ?? TimeSpan.FromSeconds(20));
        var error = await Assert.ThrowsAsync<GatewayException>(() => client.ReadOnceAsync("t", null, default));
        Assert.True(error.IsTransient);
        if (read is { } kind) Assert.Equal(kind, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        var created = await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Submission));
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, created.Kind);
        AssertHarmless(error);
        AssertHarmless(created);
        Assert.Equal(1, client.Counters.Creates);
    }

    private static void AssertHarmless(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            Assert.True(SafeText.IsPrintable(error.Message), error.Message);
            Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
        }
    }

    private static GatewayClient Client(RawServer server, TimeSpan timeout) =>
        new(Sample.Key, new GatewayOptions { BaseUri = server.BaseUri, RequestTimeout = timeout });

    /// <summary>Sends a start, then repeats the same bytes.</summary>
    private static RawServer Streaming(string start, string again, TimeSpan pause) => new(async (Socket socket, CancellationToken end) =>
    {
        await RawServer.ReadRequestAsync(socket, end);
        await socket.SendAsync(Encoding.ASCII.GetBytes(start), end);
        var bytes = Encoding.ASCII.GetBytes(again);
        while (true)
        {
            await socket.SendAsync(bytes, end);
            await Task.Delay(pause, end);
        }
    });

    private static byte[] Packed(byte[] body, string encoding) =>
        [.. Encoding.ASCII.GetBytes(Ok + $"Content-Encoding: {encoding}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    private static byte[] Pack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new ZLibStream(packed, CompressionLevel.Fastest)) packer.Write(bytes);
        return packed.ToArray();
    }
}
