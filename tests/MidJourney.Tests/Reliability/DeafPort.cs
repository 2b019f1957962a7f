using System.Net;
using System.Net.Sockets;

namespace MidJourney.Tests;

/// <summary>A port that nobody answers at: its queue of connections is full, and nothing is taken out of it.</summary>
internal sealed class DeafPort : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public DeafPort()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        while (_waiting.Count < 64 && TryConnect()) { }
    }

    public Uri BaseUri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    public ValueTask DisposeAsync()
    {
        foreach (var socket in _waiting) socket.Dispose();
        _listener.Dispose();
        return default;
    }

    private bool TryConnect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _waiting.Add(socket);
        return socket.ConnectAsync(_listener.LocalEndPoint!).Wait(TimeSpan.FromMilliseconds(200));
    }
}
