using System.Net;
using System.Net.Sockets;

namespace MidJourney.Callbacks;

/// <summary>
/// A small HTTP server for callbacks. A request whose path is accepted and that contains an expected word is a hint; nothing else in it is used.
/// Other requests get 404.
/// </summary>
internal sealed class CallbackListener : IDisposable
{
    public const int MaxConnections = 32;

    private const int Backlog = 512;

    /// <summary>Attempts to find a port that is free at all addresses.</summary>
    private const int MaxAttempts = 10;

    /// <summary>When all connections are in use, a new one replaces the oldest, if that has lasted this long.</summary>
    private static readonly TimeSpan MinLife = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    private readonly List<TcpListener> _listeners;
    private readonly TimeProvider _time;
    private readonly AcceptedPaths _paths = new();
    private readonly ExpectedWords _words;
    private readonly SemaphoreSlim _slots = new(MaxConnections);

    /// <summary>The oldest first; also the lock.</summary>
    private readonly List<CallbackConnection> _open = [];
    private volatile bool _isDisposed;
    private int _received, _refused;

    private CallbackListener(List<TcpListener> listeners, TimeProvider time)
    {
        (_listeners, _time, _words) = (listeners, time, new ExpectedWords(time));
        Port = PortOf(listeners[0]);
    }

    /// <summary>The port, also if any free one was asked for.</summary>
    public int Port { get; }

    /// <summary>Requests that counted, whatever they were about.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Requests without an accepted path.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <param name="addresses">One or more, which get the same port. Those after the first may be missing on this computer.</param>
    /// <param name="port">0: any free port.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="GatewayException">Of the kind <see cref="GatewayErrorKind.ListenFailed"/>.</exception>
    public static CallbackListener Start(IPAddress[] addresses, int port, TimeProvider? time = null)
    {
        var result = new CallbackListener(OpenAny(addresses, port), time ?? TimeProvider.System);
        foreach (var listener in result._listeners) _ = Task.Run(() => result.AcceptAsync(listener));
        return result;
    }

    /// <summary>Accepts requests whose path contains this path, as whole segments, or a segment that is this secret or begins with it and a hyphen.</summary>
    /// <param name="secretPath">A path if it starts with a slash, otherwise a secret.</param>
    public IDisposable Accept(string secretPath) => _paths.Add(secretPath);

    /// <summary>Calls the hint for each accepted request that contains one of the words; at once if one came in the last minutes.</summary>
    /// <param name="words">Task IDs and tokens.</param>
    /// <param name="hint">Is called from any thread; must return at once.</param>
    public IDisposable Expect(string[] words, Action hint) => _words.Expect(words, hint);

    /// <summary>Closes the port and all connections at once.</summary>
    public void Dispose()
    {
        CallbackConnection[] open;
        lock (_open)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            open = [.. _open];
        }
        _words.Dispose();
        Close(_listeners);
        foreach (var connection in open) connection.Abort();
    }

    /// <summary>A port that is free at one address may be taken at another.</summary>
    private static List<TcpListener> OpenAny(IPAddress[] addresses, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Open(addresses, port);
            }
            catch (GatewayException e)
                when (port == 0 && attempt < MaxAttempts && e.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
            }
        }
    }

    private static List<TcpListener> Open(IPAddress[] addresses, int port)
    {
        var listeners = new List<TcpListener>();
        foreach (var address in addresses)
        {
            var endPoint = new IPEndPoint(address, listeners.Count == 0 ? port : PortOf(listeners[0]));
            try
            {
                listeners.Add(Open(endPoint));
            }
            catch (SocketException e)
                when (listeners.Count > 0 && e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                // A system may know IPv6 without having it.
            }
            catch (SocketException e)
            {
                Close(listeners);
                throw new GatewayException(GatewayErrorKind.ListenFailed, ClientMessages.ListenFailed(endPoint, ReasonOf(e)), e);
            }
        }
        return listeners;
    }

    private static TcpListener Open(IPEndPoint endPoint)
    {
        var listener = new TcpListener(endPoint);
        // Elsewhere nobody can share a port that is listened on, and this would keep it closed for a minute after its last connection.
        if (Path.DirectorySeparatorChar == '\\') listener.ExclusiveAddressUse = true;
        try
        {
            listener.Start(Backlog);
            return listener;
        }
        catch
        {
            listener.Stop();
            throw;
        }
    }

    private static void Close(List<TcpListener> listeners)
    {
        foreach (var listener in listeners) listener.Stop();
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static string ReasonOf(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => ClientMessages.ListenPortTaken(),
        SocketError.AccessDenied => ClientMessages.ListenNotPermitted(),
        SocketError.AddressNotAvailable => ClientMessages.ListenNotLocal(),
        _ => ClientMessages.Cause(e),
    };

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_isDisposed)
        {
            try
            {
                var socket = await listener.AcceptSocketAsync().ConfigureAwait(false);
                await TakeSlotAsync().ConfigureAwait(false);
                _ = Task.Run(() => ServeAsync(socket));
            }
            catch (Exception)
            {
                // Disposed; or the sender has gone, or the process has too many open files.
                if (!_isDisposed) await Task.Delay(AcceptRetry).ConfigureAwait(false);
            }
        }
    }

    private async Task TakeSlotAsync()
    {
        while (!_slots.Wait(0))
        {
            if (TakeOldest() is { } oldest)
            {
                oldest.Abort();
                await _slots.WaitAsync().ConfigureAwait(false);
                return;
            }
            using var patience = _time.CancelAfter(MinLife);
            try
            {
                await _slots.WaitAsync(patience.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    private CallbackConnection? TakeOldest()
    {
        lock (_open)
        {
            if (_open.Count == 0 || _open[0].Age < MinLife) return null;
            var oldest = _open[0];
            _open.RemoveAt(0);
            return oldest;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = new CallbackConnection(socket, IsAccepted, Find, _time);
        try
        {
            lock (_open)
            {
                if (_isDisposed) return;
                _open.Add(connection);
            }
            await connection.ServeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The connection broke or was closed. Whatever it is, the next one is served.
        }
        finally
        {
            lock (_open) _open.Remove(connection);
            _slots.Release();
        }
    }

    private bool IsAccepted(string path)
    {
        var isAccepted = _paths.Contains(path);
        if (!isAccepted) Interlocked.Increment(ref _refused);
        return isAccepted;
    }

    private void Find(byte[] text)
    {
        Interlocked.Increment(ref _received);
        _words.Find(text);
    }
}
