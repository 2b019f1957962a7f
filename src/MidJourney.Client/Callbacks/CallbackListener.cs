using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MidJourney.Callbacks;

/// <summary>Receives callbacks and turns those that contain an expected word into hints. Nothing else in them is used.</summary>
internal sealed class CallbackListener : IDisposable
{
    private readonly TcpListener[] _listeners;
    private readonly List<string> _paths = [];
    private readonly List<(string[] Words, Action Hint)> _expected = [];
    private readonly object _lock = new();

    private CallbackListener(TcpListener[] listeners) => _listeners = listeners;

    /// <summary>The port, also if any free one was asked for.</summary>
    public int Port => ((IPEndPoint)_listeners[0].LocalEndpoint).Port;

    /// <exception cref="GatewayException">Of the kind <see cref="GatewayErrorKind.ListenFailed"/>.</exception>
    public static CallbackListener Start(IPAddress[] addresses, int port)
    {
        var listeners = new List<TcpListener>();
        foreach (var address in addresses)
        {
            var listener = new TcpListener(address, port);
            try
            {
                listener.Start();
            }
            catch (SocketException e)
            {
                foreach (var other in listeners) other.Stop();
                throw new GatewayException(GatewayErrorKind.ListenFailed, ClientMessages.ListenFailed(new IPEndPoint(address, port), ClientMessages.Cause(e)), e);
            }
            listeners.Add(listener);
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        var result = new CallbackListener([.. listeners]);
        foreach (var listener in listeners) _ = result.AcceptAsync(listener);
        return result;
    }

    /// <summary>Lets requests through whose path contains these segments, or this secret.</summary>
    public IDisposable Accept(string secretPath) => Add(_paths, secretPath);

    /// <summary>Calls the hint for each request that contains one of the words.</summary>
    public IDisposable Expect(string[] words, Action hint) => Add(_expected, (words, hint));

    public void Dispose()
    {
        foreach (var listener in _listeners) listener.Stop();
    }

    private Registration Add<T>(List<T> list, T item)
    {
        lock (_lock) list.Add(item);
        return new Registration(() =>
        {
            lock (_lock) list.Remove(item);
        });
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptSocketAsync().ConfigureAwait(false);
                await AnswerAsync(client).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        var buffer = new byte[65536];
        var text = Encoding.UTF8.GetString(buffer, 0, await client.ReceiveAsync(new ArraySegment<byte>(buffer), SocketFlags.None).ConfigureAwait(false));
        (string[] Words, Action Hint)[] expected;
        bool isAccepted;
        lock (_lock) (expected, isAccepted) = ([.. _expected], _paths.Any(text.Contains));
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 {(isAccepted ? "204 No Content" : "404 Not Found\r\nContent-Length: 0")}\r\nConnection: close\r\n\r\n");
        await client.SendAsync(new ArraySegment<byte>(answer), SocketFlags.None).ConfigureAwait(false);
        if (!isAccepted) return;
        foreach (var (words, hint) in expected)
        {
            if (words.Any(text.Contains)) hint();
        }
    }

    private sealed class Registration(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
