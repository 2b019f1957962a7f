using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using MidJourney.Tests;

namespace MidJourney.Client.Tests.Callbacks;

/// <summary>The whole listener, over real connections.</summary>
public sealed class CallbackListenerTests : IDisposable
{
    private const string Counted = "HTTP/1.1 204 No Content";
    private const string NotCounted = "HTTP/1.1 404 Not Found";

    private readonly FakeTimeProvider _clock = Sample.Clock();
    private readonly CallbackListener _listener;
    private readonly ConcurrentQueue<string> _hints = new();

    public CallbackListenerTests() => _listener = CallbackListener.Start([IPAddress.Loopback], 0, _clock);

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Callback_is_answered_and_becomes_a_hint()
    {
        Assert.StartsWith(NotCounted, await CallAsync("/5ec2e7", "abc"), StringComparison.Ordinal);
        var accepted = _listener.Accept("5ec2e7");
        using var other = _listener.Accept("/mj/hook");
        using var body = Expect("abc");
        using var token = Expect("5ec2e7-12", "unknown yet");
        Assert.StartsWith(Counted, await CallAsync("/5ec2e7", """{"id":"abc"}"""), StringComparison.Ordinal);
        await Soon.Until(() => _hints.Contains("abc"));
        Assert.StartsWith(Counted, await CallAsync("/mj/5ec2e7-12", ""), StringComparison.Ordinal);
        await Soon.Until(() => _hints.Contains("5ec2e7-12"));
        accepted.Dispose();
        Assert.StartsWith(NotCounted, await CallAsync("/mj/5ec2e7-12", ""), StringComparison.Ordinal);
        Assert.StartsWith(Counted, await CallAsync("/mj/hook", ""), StringComparison.Ordinal);
        Assert.Equal(["abc", "5ec2e7-12"], _hints);
    }

    [Fact]
    public async Task Early_callback_is_a_hint_for_what_is_expected_later()
    {
        using var accepted = _listener.Accept("5ec2e7");
        using var marker = Expect("marker");
        await CallAsync("/5ec2e7-12", "marker");
        await Soon.Until(() => _hints.Contains("marker"));
        using var late = Expect("abc", "5ec2e7-12");
        Assert.Equal(["marker", "abc"], _hints);
    }

    [Fact]
    public async Task Hint_that_lasts_delays_no_response()
    {
        using var accepted = _listener.Accept("5ec2e7");
        using var hinted = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        using var expected = _listener.Expect(["abc"], () =>
        {
            hinted.Release();
            goOn.Wait();
        });
        for (var n = 0; n < 3; n++)
        {
            Assert.StartsWith(Counted, await CallAsync("/5ec2e7", "abc"), StringComparison.Ordinal);
            await hinted.WaitAsync();
        }
        goOn.Set();
    }

    [Fact]
    public async Task More_callbacks_at_once_than_connections_are_all_answered()
    {
        using var accepted = _listener.Accept("5ec2e7");
        var ids = Enumerable.Range(0, 5 * CallbackListener.MaxConnections).Select(n => $"task{n}").ToList();
        foreach (var id in ids) Expect(id);
        var responses = await Task.WhenAll(ids.Select(id => CallAsync("/5ec2e7", id)));
        Assert.All(responses, r => Assert.StartsWith(Counted, r, StringComparison.Ordinal));
        await Soon.Until(() => _hints.Count == ids.Count);
        Assert.Equal(ids.Order(StringComparer.Ordinal), _hints.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Idle_connections_give_way_the_oldest_first()
    {
        using var accepted = _listener.Accept("5ec2e7");
        var start = _clock.GetUtcNow();
        var idle = new List<Caller>();
        for (var n = 0; n < CallbackListener.MaxConnections; n++)
        {
            idle.Add(await Caller.ConnectAsync(_listener.Port));
            await idle[n].SendAsync("POST /5ec2e7 HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            Assert.Contains("100 Continue", await idle[n].ReadAsync("\r\n\r\n"), StringComparison.Ordinal);
        }
        var first = CallAsync("/5ec2e7", "");
        await _clock.DriveUntil(() => first.IsCompleted, step: TimeSpan.FromSeconds(1), most: TimeSpan.FromSeconds(8));
        Assert.StartsWith(Counted, await first, StringComparison.Ordinal);
        Assert.True(_clock.GetUtcNow() > start);
        Assert.StartsWith(Counted, await CallAsync("/5ec2e7", ""), StringComparison.Ordinal);
        Assert.Equal("(reset)", await idle[0].ReadAsync());
        // The last one still works.
        await idle[^1].SendAsync("hello");
        Assert.StartsWith(Counted, await idle[^1].ReadAsync(), StringComparison.Ordinal);
        foreach (var caller in idle) caller.Dispose();
    }

    [Fact]
    public async Task Malformed_requests_and_broken_connections_leave_it_running()
    {
        using var accepted = _listener.Accept("5ec2e7");
        for (var n = 0; n < 2 * CallbackListener.MaxConnections; n++)
        {
            using var caller = await Caller.ConnectAsync(_listener.Port);
            if (n % 3 > 0) await caller.SendAsync(n % 3 == 1 ? "\0\0\n\n" : "POST /5ec2e7 HTTP/1.1\r\nContent-Length: 10\r\n\r\n");
        }
        Assert.StartsWith(Counted, await CallAsync("/5ec2e7", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_closes_the_port_and_connections_and_the_port_can_be_opened_again()
    {
        using var accepted = _listener.Accept("5ec2e7");
        await CallAsync("/5ec2e7", "");
        using var open = await Caller.ConnectAsync(_listener.Port);
        await open.SendAsync("POST /5ec2e7 HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        Assert.Contains("100 Continue", await open.ReadAsync("\r\n\r\n"), StringComparison.Ordinal);
        _listener.Dispose();
        _listener.Dispose();
        Assert.Equal("(reset)", await open.ReadAsync());
        await Assert.ThrowsAnyAsync<SocketException>(() => Caller.ConnectAsync(_listener.Port));
        using var again = CallbackListener.Start([IPAddress.Loopback], _listener.Port);
        Assert.StartsWith(NotCounted, await Caller.CallAsync(again.Port, "GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Localhost_has_one_port_for_IPv4_and_IPv6()
    {
        using var listener = CallbackListener.Start(ListenAddress.Parse("http://localhost").Addresses, 0);
        Assert.StartsWith(NotCounted, await Caller.CallAsync(listener.Port, "GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        if (HasIPv6()) Assert.StartsWith(NotCounted, await Caller.CallAsync(listener.Port, "GET / HTTP/1.1\r\n\r\n", IPAddress.IPv6Loopback), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public void Port_in_use_is_an_error(string address)
    {
        var error = Fail(IPAddress.Parse(address), _listener.Port);
        Assert.Equal($"Cannot listen on http://{address}:{_listener.Port}: the port is already in use, perhaps by another PowerShell.", error.Message);
    }

    [Fact]
    public void Port_in_use_at_one_of_two_addresses_is_an_error_and_leaves_none_open()
    {
        if (!HasIPv6()) return;
        using var taken = CallbackListener.Start([IPAddress.IPv6Loopback], 0);
        var error = Fail([IPAddress.Loopback, IPAddress.IPv6Loopback], taken.Port);
        Assert.StartsWith($"Cannot listen on http://[::1]:{taken.Port}: ", error.Message, StringComparison.Ordinal);
        using var free = CallbackListener.Start([IPAddress.Loopback], taken.Port);
    }

    [Fact]
    public void Address_of_another_computer_is_an_error() =>
        Assert.Equal("Cannot listen on http://192.0.2.7:8080: this computer does not have the address.", Fail(IPAddress.Parse("192.0.2.7"), 8080).Message);

    private static bool HasIPv6()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static GatewayException Fail(IPAddress address, int port) => Fail([address], port);

    private static GatewayException Fail(IPAddress[] addresses, int port)
    {
        var error = Assert.Throws<GatewayException>(() => CallbackListener.Start(addresses, port));
        Assert.Equal(GatewayErrorKind.ListenFailed, error.Kind);
        return error;
    }

    private Task<string> CallAsync(string path, string body) => Caller.CallAsync(_listener.Port, $"POST {path} HTTP/1.1\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private IDisposable Expect(params string[] words) => _listener.Expect(words, () => _hints.Enqueue(words[0]));
}
