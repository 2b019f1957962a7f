using System.Net.Sockets;
using System.Text;

namespace MidJourney.Callbacks;

/// <summary>One connection, with one request.</summary>
internal sealed class CallbackConnection : IDisposable
{
    public const int MaxBody = 1024 * 1024;

    /// <summary>For the whole request, header included.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    private const string NoContent = "204 No Content";
    private const string TooLarge = "413 Content Too Large";

    private readonly Socket _socket;
    private readonly Func<string, bool> _isAccepted;
    private readonly Action<byte[]> _find;
    private readonly TimeProvider _time;
    private readonly long _start;

    /// <param name="socket">The connection.</param>
    /// <param name="isAccepted">Tells whether a request with this path counts.</param>
    /// <param name="find">Receives the target and the body of each request that counts, after the response.</param>
    /// <param name="time">The clock.</param>
    public CallbackConnection(Socket socket, Func<string, bool> isAccepted, Action<byte[]> find, TimeProvider time)
    {
        (_socket, _isAccepted, _find, _time) = (socket, isAccepted, find, time);
        _start = time.GetTimestamp();
    }

    public TimeSpan Age => _time.GetElapsedTime(_start);

    public async Task ServeAsync()
    {
        using var limit = _time.CancelAfter(MaxTime);
        using var cut = limit.Token.Register(Abort);
        var reader = new RequestReader(buffer => _socket.ReceiveAsync(buffer, SocketFlags.None));
        var text = new MemoryStream();
        var status = await ReceiveAsync(reader, text).ConfigureAwait(false);
        try
        {
            await SendAsync($"HTTP/1.1 {status}\r\n{(status == NoContent ? "" : "Content-Length: 0\r\n")}Connection: close\r\n\r\n").ConfigureAwait(false);
            _socket.Shutdown(SocketShutdown.Send);
        }
        finally
        {
            // Also of a sender that does not wait for the response.
            if (text.Length > 0) _find(text.ToArray());
        }
        // A connection that is closed with unread data is reset, and the sender may lose the response.
        if (status != NoContent) await reader.SkipAsync(MaxBody).ConfigureAwait(false);
    }

    /// <summary>Closes the connection at once, from any thread.</summary>
    public void Abort()
    {
        try
        {
            // Without it, the system would keep the connection, and perhaps the port, for a while.
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Writes target and body of a request that counts to the text.</summary>
    /// <returns>The status of the response.</returns>
    private async Task<string> ReceiveAsync(RequestReader reader, MemoryStream text)
    {
        try
        {
            var head = await RequestHead.ReadAsync(reader).ConfigureAwait(false);
            if (!_isAccepted(head.Path)) return "404 Not Found";
            head.WriteTarget(text);
            if (head.Length > MaxBody) return TooLarge;
            if (head.ExpectsContinue) await SendAsync("HTTP/1.1 100 Continue\r\n\r\n").ConfigureAwait(false);
            if (!head.IsChunked) await reader.ReadAsync(text, head.Length).ConfigureAwait(false);
            else if (!await reader.ReadChunksAsync(text, MaxBody).ConfigureAwait(false)) return TooLarge;
            return NoContent;
        }
        catch (InvalidDataException)
        {
            text.SetLength(0);
            return "400 Bad Request";
        }
    }

    private async Task SendAsync(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(new ArraySegment<byte>(bytes, sent, bytes.Length - sent), SocketFlags.None).ConfigureAwait(false);
    }
}
