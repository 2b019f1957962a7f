using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MidJourney.Client.Tests.Callbacks;

/// <summary>Sends bytes as they are, and reads what comes back.</summary>
internal sealed class Caller : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TcpClient _client;

    private Caller(TcpClient client) => _client = client;

    public static async Task<Caller> ConnectAsync(int port, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        var client = new TcpClient(address.AddressFamily);
        await client.ConnectAsync(address, port).WaitAsync(Patience);
        return new Caller(client);
    }

    /// <summary>The whole response to a request.</summary>
    public static async Task<string> CallAsync(int port, string request, IPAddress? address = null)
    {
        using var caller = await ConnectAsync(port, address);
        await caller.SendAsync(request);
        return await caller.ReadAsync();
    }

    public Task SendAsync(string text) => _client.Client.SendAsync(Encoding.Latin1.GetBytes(text)).WaitAsync(Patience);

    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Reads until the text ends so, or until the connection has ended.</summary>
    public async Task<string> ReadAsync(string? end = null)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while ((end is null || !text.ToString().EndsWith(end, StringComparison.Ordinal)) && await _client.Client.ReceiveAsync(buffer).WaitAsync(Patience) is > 0 and var count)
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            text.Append("(reset)");
        }
        return text.ToString();
    }

    public void Dispose() => _client.Dispose();
}
