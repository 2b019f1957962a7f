using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>A second answer that nobody asked for is not taken for the next create's, on a real socket.</summary>
public sealed class KeptConnectionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_nobody_asked_for_ends_its_connection(bool comesLater)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (connections, stray) = (0, new TaskCompletionSource());
        using var end = new CancellationTokenSource();
        var serving = ServeAsync();
        using (var client = new GatewayClient("a-key", new GatewayOptions { BaseUri = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}") }))
        {
            Assert.Equal("own-1", (await client.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard))).Id);
            await stray.Task;
            Assert.Equal("own-2", (await client.CreateAsync(Sample.Upscale("b", 0, UpscaleType.Standard))).Id);
        }
        Assert.Equal(2, connections);
        await end.CancelAsync();
        listener.Stop();
        await Task.WhenAny(serving);

        async Task ServeAsync()
        {
            while (!end.IsCancellationRequested)
            {
                var socket = await listener.AcceptSocketAsync(end.Token);
                var number = Interlocked.Increment(ref connections);
                await socket.ReceiveAsync(new byte[64 * 1024]);
                var answer = AnswerWith($"own-{number}");
                await socket.SendAsync(number == 1 && !comesLater ? [.. answer, .. AnswerWith("stray")] : answer);
                if (number == 1 && comesLater)
                {
                    await Task.Delay(200);
                    await socket.SendAsync(AnswerWith("stray"));
                    // Loopback has it at once, but not before this.
                    await Task.Delay(200);
                }
                stray.TrySetResult();
            }
        }
    }

    private static byte[] AnswerWith(string id)
    {
        var body = $$"""{"id":"{{id}}"}""";
        return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
