using System.Net;
using System.Net.Sockets;

namespace MidJourney.Tests;

/// <summary>A server without HTTP: what each connection gets is a matter of the test.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="serve">Serves one connection, which is closed when the task ends.</param>
    public RawServer(Func<Socket, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri BaseUri => new($"http://127.0.0.1:{Port}");

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A server that answers every request with these bytes, then ends the connection.</summary>
    public static RawServer Answering(Func<byte[]> answer) => new(async (socket, end) =>
    {
        await ReadRequestAsync(socket, end);
        await socket.SendAsync(answer(), end);
        socket.Shutdown(SocketShutdown.Send);
        await WaitForEndAsync(socket, end);
    });

    /// <summary>Ends the connection with a reset instead of in order.</summary>
    public static void Reset(Socket socket) => socket.LingerState = new LingerOption(true, 0);

    /// <summary>Reads the head of a request and its body.</summary>
    public static async Task<string> ReadRequestAsync(Socket socket, CancellationToken end)
    {
        var buffer = new byte[64 * 1024];
        var count = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(count), end);
            if (read == 0) return System.Text.Encoding.Latin1.GetString(buffer, 0, count);
            count += read;
            var text = System.Text.Encoding.Latin1.GetString(buffer, 0, count);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && count >= head + 4 + LengthOf(text)) return text;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private static int LengthOf(string request)
    {
        const string Name = "Content-Length: ";
        var at = request.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(request.AsSpan(at + Name.Length, request.IndexOf('\r', at) - at - Name.Length), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task WaitForEndAsync(Socket socket, CancellationToken end)
    {
        var rest = new byte[1024];
        while (await socket.ReceiveAsync(rest.AsMemory(), end) > 0) { }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try { await _serve(socket, _end.Token); }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException or System.Security.Authentication.AuthenticationException) { }
        }
    }
}
