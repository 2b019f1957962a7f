using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>When the emulator calls the callback URL of a task, and with what.</summary>
public sealed class CallbackSendingTests
{
    private const string Upscale = "midjourney_upscale";

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task By_default_a_task_is_posted_once_when_it_ends_as_a_read_gives_it()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync("{}");
        var task = await CreateAsync(wire, receiver.Url);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await AnsweredAsync(wire, 1);

        var received = Assert.Single(receiver.Received);
        Assert.Equal(("POST", "/mj/secret-1", "application/json"), (received.Method, received.Path, received.ContentType));
        Assert.Equal((await wire.TaskAsync(task.Id)).GetRawText(), received.Body);
        var sent = Assert.Single(task.Callbacks);
        Assert.Equal((task.EndsAt, receiver.Url.AbsoluteUri, 1, 200), (sent.At, sent.Url, sent.Attempt, sent.Status));
        Assert.Null(sent.Body);
    }

    private async Task<WireClient> StartAsync(string callback)
    {
        var wire = await WireClient.StartAsync(clock: _clock);
        await wire.ScriptAsync($$"""{ "options": { "duration": 10 }, "shapes": { "default": { "callback": {{callback}} } } }""");
        return wire;
    }

    private static async Task<EmulatedTask> CreateAsync(WireClient wire, Uri callback)
    {
        var id = (await wire.CreateAsync(Upscale, $$"""{{{WireClient.AnyJob}},"type":0,"callback":"{{callback}}"}""")).Json.GetProperty("id").GetString();
        return wire.Gateway.Tasks.Single(task => task.Id == id);
    }

    private static Task AnsweredAsync(WireClient wire, int callbacks) => Soon.Until(() => wire.Gateway.Counts.CallbacksAnswered == callbacks);
}
