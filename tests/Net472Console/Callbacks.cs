using System.Net;
using System.Net.Http;
using MidJourney.Callbacks;

namespace MidJourney.Net472Console;

/// <summary>A callback to a listener of this process becomes a hint; its port is its own, and free again afterwards.</summary>
internal static class Callbacks
{
    private const string Id = "d758n65e878c73cmdg20";

    /// <exception cref="InvalidOperationException">Something came out other than it must.</exception>
    public static async Task<string> RunAsync()
    {
        var hinted = new TaskCompletionSource<bool>();
        var address = ListenAddress.Parse("http://localhost");
        int port;
        using (var listener = CallbackListener.Start(address.Addresses, 0))
        using (listener.Accept("5ec2e7"))
        using (listener.Expect([Id], () => hinted.TrySetResult(true)))
        {
            port = listener.Port;
            Upscales.Must(await PostAsync(port, "/mj/5ec2e7-1") == HttpStatusCode.NoContent, "The callback was not accepted.");
            Upscales.Must(await PostAsync(port, "/mj/other") == HttpStatusCode.NotFound, "A callback without the secret was accepted.");
            Upscales.Must(await Task.WhenAny(hinted.Task, Task.Delay(TimeSpan.FromMinutes(1))) == hinted.Task, "The callback was no hint.");
            Upscales.Must(IsTaken(address.Addresses, port), "Two listeners have the same port.");
        }
        Upscales.Must(!IsTaken(address.Addresses, port), "The port is not free again.");
        return "a callback received";
    }

    private static async Task<HttpStatusCode> PostAsync(int port, string path)
    {
        using var client = new HttpClient(new HttpClientHandler { UseProxy = false });
        using var body = new StringContent($"{{\"id\":\"{Id}\"}}");
        using var response = await client.PostAsync(new Uri($"http://127.0.0.1:{port}{path}"), body);
        return response.StatusCode;
    }

    private static bool IsTaken(IPAddress[] addresses, int port)
    {
        try
        {
            CallbackListener.Start(addresses, port).Dispose();
            return false;
        }
        catch (GatewayException e) when (e.Kind == GatewayErrorKind.ListenFailed)
        {
            return true;
        }
    }
}
