using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>When the emulator calls the callback URL of a task, and with what.</summary>
public sealed class CallbackSendingTests
{
    private const string Upscale = "midjourney_upscale";

    // The clock passes days while a request is on its way.
    private const string Patient = "\"timeout\": 2000000000";

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

    [Theory]
    [InlineData("job", "application/json", """{"id":"JOB","text":"","urls":["https://cdn.example/JOB/0.png"],"status":2,"comment":""}""")]
    [InlineData("form", "application/x-www-form-urlencoded", "id=ID&model=midjourney_upscale&status=completed")]
    [InlineData("empty", null, "")]
    public async Task Body_has_another_form(string body, string? type, string expected)
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync($$"""{ "body": "{{body}}" }""");
        var task = await EndAsync(wire, receiver);
        var received = Assert.Single(receiver.Received);
        Assert.Equal((type, expected), (received.ContentType, received.Body.Replace($"{task.ResultJobId()}", "JOB", StringComparison.Ordinal).Replace(task.Id, "ID", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Body_may_be_the_task_in_a_text_of_JSON()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync("""{ "body": "nested" }""");
        var task = await EndAsync(wire, receiver);
        var payload = JsonDocument.Parse(receiver.Received[0].Body).RootElement.GetProperty("payload").GetString()!;
        Assert.Equal(task.Id, JsonDocument.Parse(payload).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Body_may_be_a_task_that_the_gateway_does_not_have()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync("""{ "body": "foreign" }""");
        var task = await EndAsync(wire, receiver);
        Assert.DoesNotContain(task.Id, receiver.Received[0].Body, StringComparison.Ordinal);
        Assert.Equal(task.Id.Length, JsonDocument.Parse(receiver.Received[0].Body).RootElement.GetProperty("id").GetString()!.Length);
    }

    [Fact]
    public async Task Body_and_address_may_be_any_text()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync("""{ "text": "done: {id}", "contentType": "text/plain", "url": "{origin}/wrong?task={id}" }""");
        wire.Gateway.Settings.RecordDetails = true;
        var task = await EndAsync(wire, receiver);
        Assert.Equal(new("POST", $"/wrong?task={task.Id}", "text/plain", $"done: {task.Id}"), Assert.Single(receiver.Received));
        var sent = (await wire.AdminAsync("callbacks"))[0];
        Assert.Equal(($"done: {task.Id}", 200), (sent.GetProperty("body").GetString(), sent.GetProperty("status").GetInt32()));
    }

    [Theory]
    [InlineData("110001", 4)]
    [InlineData("8004005098", 3)]
    public async Task Job_tells_why_it_has_no_images(string code, int status)
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync("{}");
        await wire.ScriptAsync($$"""{ "shapes": { "jobs": { "a-job": { "failure": { "code": "{{code}}" }, "callback": { "body": "job" } } } } }""");
        await EndAsync(wire, receiver);
        Assert.EndsWith($$""","urls":[],"status":{{status}},"comment":""}""", Assert.Single(receiver.Received).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Early_and_repeated_states_come_when_they_are_reached()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync("""{ "at": [0, 0.5, 1, 1] }""");
        wire.Gateway.Shapes.Default = wire.Gateway.Shapes.Default with { RunningStatuses = ["queued", "in_progress"] };
        var task = await CreateAsync(wire, receiver.Url);
        for (var sent = 1; sent <= 2; sent++)
        {
            await AnsweredAsync(wire, sent);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }
        await AnsweredAsync(wire, 4);
        Assert.Equal(["queued", "in_progress", "completed", "completed"], receiver.Received.Select(callback => JsonDocument.Parse(callback.Body).RootElement.GetProperty("status").GetString()));
        Assert.Equal([(0, 0), (0.5, 5), (1, 10), (1, 10)], task.Callbacks.Select(callback => (callback.Share, (callback.At - task.CreatedAt).TotalSeconds)));
    }

    [Theory]
    [InlineData(3000, 13, "completed")]
    [InlineData(-50, 9.95, "in_progress")]
    public async Task Callback_comes_late_or_before_a_read_shows_the_end(int delay, double seconds, string read)
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync($$"""{ "delay": {{delay}} }""");
        var task = await CreateAsync(wire, receiver.Url);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        await AnsweredAsync(wire, 1);
        Assert.Contains("\"status\":\"completed\"", receiver.Received[0].Body, StringComparison.Ordinal);
        Assert.Equal(read, (await wire.TaskAsync(task.Id)).GetProperty("status").GetString());
        Assert.Equal(seconds, (task.Callbacks[0].At - task.CreatedAt).TotalSeconds);
    }

    [Fact]
    public async Task Create_is_answered_after_its_callback()
    {
        var hold = new TaskCompletionSource();
        await using var receiver = await CallbackReceiver.StartAsync(async _ =>
        {
            await hold.Task;
            return 200;
        });
        await using var wire = await StartAsync("""{ "beforeAnswer": true }""");
        wire.Gateway.Settings.TaskDuration = TaskDuration.Fixed(TimeSpan.Zero);
        var creating = CreateAsync(wire, receiver.Url);
        await Soon.Until(() => receiver.Received.Count == 1);
        Assert.False(creating.IsCompleted);
        hold.SetResult();
        Assert.Contains((await creating).Id, receiver.Received[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_callbacks_are_drawn_by_the_order_of_creation()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        var lost = new List<ulong[]>();
        for (var run = 0; run < 2; run++)
        {
            await using var wire = await StartAsync("""{ "lossRate": 0.2 }""");
            for (var i = 0; i < 200; i++) AddTask(wire, receiver.Url);
            _clock.Advance(TimeSpan.FromSeconds(10));
            await Soon.Until(() => wire.Gateway.Counts.CallbacksAnswered + wire.Gateway.Counts.CallbacksLost == 200);
            lost.Add([.. wire.Gateway.Tasks.Where(task => task.Callbacks.Count == 0).Select(task => task.Number)]);
            Assert.Equal(lost[run].Length, wire.Gateway.Counts.CallbacksLost);
        }
        Assert.Equal(lost[0], lost[1]);
        Assert.InRange(lost[0].Length, 25, 55);
    }

    [Fact]
    public async Task What_is_not_answered_with_2xx_is_sent_again()
    {
        var requests = 0;
        await using var receiver = await CallbackReceiver.StartAsync(_ => Task.FromResult(Interlocked.Increment(ref requests) switch { 1 => 404, 2 => 503, _ => 204 }));
        await using var wire = await StartAsync($$"""{ {{Patient}} }""");
        var task = await CreateAsync(wire, receiver.Url);
        await AdvanceUntilAsync(() => wire.Gateway.Counts.CallbacksAnswered == 1);
        Assert.Equal([(1, 404), (2, 503), (3, 204)], task.Callbacks.Select(callback => (callback.Attempt, callback.Status)));
        Assert.True(task.Callbacks[1].At - task.Callbacks[0].At >= TimeSpan.FromSeconds(1));
        Assert.True(task.Callbacks[2].At - task.Callbacks[1].At >= TimeSpan.FromSeconds(5));
        Assert.Equal((3, 2, 0), (wire.Gateway.Counts.CallbacksSent, wire.Gateway.Counts.CallbacksRetried, wire.Gateway.Counts.CallbacksGivenUp));
    }

    [Fact]
    public async Task Retries_end_and_a_redirect_is_not_followed()
    {
        await using var receiver = await CallbackReceiver.StartAsync(http =>
        {
            http.Response.Headers.Location = "/elsewhere";
            return Task.FromResult(307);
        });
        await using var wire = await StartAsync($$"""{ {{Patient}} }""");
        await CreateAsync(wire, receiver.Url);
        await AdvanceUntilAsync(() => wire.Gateway.Counts.CallbacksGivenUp == 1);
        Assert.Equal(Enumerable.Repeat("/mj/secret-1", 4), receiver.Received.Select(callback => callback.Path));
        Assert.Equal((4, 3, 0), (wire.Gateway.Counts.CallbacksSent, wire.Gateway.Counts.CallbacksRetried, wire.Gateway.Counts.CallbacksAnswered));
    }

    [Theory]
    [InlineData("{origin}/mj/stalls")]
    [InlineData("http://127.0.0.1:1/nobody")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("nowhere")]
    public async Task Callback_without_an_answer_is_given_up(string url)
    {
        await using var receiver = await CallbackReceiver.StartAsync(async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return 200;
        });
        await using var wire = await StartAsync($$"""{ "url": "{{url}}", "retryDelays": [] }""");
        var task = await CreateAsync(wire, receiver.Url);
        await AdvanceUntilAsync(() => wire.Gateway.Counts.CallbacksGivenUp == 1);
        Assert.Equal(0, Assert.Single(task.Callbacks).Status);
        Assert.Null(wire.Gateway.Counts.LastInternalError);
    }

    [Fact]
    public async Task Body_comes_byte_by_byte()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync($$"""{ "text": "slow", "pause": 20000, {{Patient}} }""");
        var task = await CreateAsync(wire, receiver.Url);
        await AdvanceUntilAsync(() => wire.Gateway.Counts.CallbacksAnswered == 1);
        Assert.True(_clock.GetUtcNow() - task.Callbacks[0].At >= TimeSpan.FromSeconds(80));
        Assert.Equal("slow", Assert.Single(receiver.Received).Body);
    }

    [Fact]
    public async Task Many_tasks_that_end_together_share_a_few_connections()
    {
        int now = 0, max = 0;
        var changing = new Lock();
        await using var receiver = await CallbackReceiver.StartAsync(async _ =>
        {
            lock (changing) max = Math.Max(max, ++now);
            await Task.Yield();
            lock (changing) now--;
            return 200;
        });
        await using var wire = await StartAsync($$"""{ {{Patient}} }""");
        for (var i = 0; i < 1000; i++) AddTask(wire, receiver.Url);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await AnsweredAsync(wire, 1000);
        Assert.Equal(1000, wire.Gateway.Callbacks.Select(callback => callback.TaskId).Distinct().Count());
        Assert.InRange(max, 1, 32);
    }

    [Fact]
    public async Task None_is_sent_where_they_are_off_or_the_address_is_of_documentation()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        await using var wire = await StartAsync("{}");
        await wire.ScriptAsync("""{ "shapes": { "jobs": { "silent": { "callback": { "body": "off" } } } } }""");
        AddTask(wire, new Uri("https://example.com/done"));
        AddTask(wire, receiver.Url, "silent");
        AddTask(wire, receiver.Url);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await AnsweredAsync(wire, 1);
        Assert.Equal([0, 0, 1], wire.Gateway.Tasks.Select(task => task.Callbacks.Count));
    }

    [Fact]
    public async Task Reset_forgets_planned_callbacks_and_cuts_those_on_their_way()
    {
        var left = new TaskCompletionSource();
        await using var receiver = await CallbackReceiver.StartAsync(async http =>
        {
            http.RequestAborted.Register(left.SetResult);
            await left.Task;
            return 200;
        });
        await using var wire = await StartAsync($$"""{ "at": [0, 1], {{Patient}} }""");
        await CreateAsync(wire, receiver.Url);
        await Soon.Until(() => receiver.Received.Count == 1);
        wire.Gateway.Reset();
        await left.Task;
        AddTask(wire, receiver.Url);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await AnsweredAsync(wire, 1);
        Assert.Equal(2, receiver.Received.Count);
        Assert.Equal((1, 0), (wire.Gateway.Counts.CallbacksSent, wire.Gateway.Counts.CallbacksGivenUp));
    }

    [Fact]
    public async Task First_read_that_shows_the_end_is_remembered()
    {
        await using var wire = await StartAsync("{}");
        var task = wire.Gateway.AddTask("a-job");
        await wire.TaskAsync(task.Id);
        Assert.Null(task.SeenAt);
        _clock.Advance(TimeSpan.FromSeconds(11));
        wire.Gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = FaultKind.CutAfter, Times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => wire.TaskAsync(task.Id));
        Assert.Null(task.SeenAt);
        for (var reads = 0; reads < 2; reads++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await wire.TaskAsync(task.Id);
        }
        Assert.Equal(TimeSpan.FromSeconds(2), task.SeenAt - task.EndsAt);
        Assert.Equal(task.SeenAt, (await wire.AdminAsync("tasks"))[0].GetProperty("seenAt").GetDateTimeOffset());
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

    private static void AddTask(WireClient wire, Uri callback, string job = "a-job") =>
        wire.Gateway.AddTask(Upscale, $$"""{"jobId":"{{job}}","imageNo":0,"type":0,"callback":"{{callback}}"}""");

    private async Task<EmulatedTask> EndAsync(WireClient wire, CallbackReceiver receiver)
    {
        var task = await CreateAsync(wire, receiver.Url);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await AnsweredAsync(wire, 1);
        return task;
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => Soon.Until(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    private static Task AnsweredAsync(WireClient wire, int callbacks) => Soon.Until(() => wire.Gateway.Counts.CallbacksAnswered == callbacks);
}
