using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>Callbacks over real sockets: whatever they carry, and whenever they come, each task is returned once, when the gateway says that it has ended.</summary>
public sealed class CallbackTests
{
    private const int Seconds = 60;

    // No poll after the first one.
    private const string Listen = "-PollIntervalSec 3600 -TimeoutSec 7200 -ListenOn";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly int _port = FreePort();

    [Theory]
    [InlineData("task")]
    [InlineData("job")]
    [InlineData("form")]
    [InlineData("foreign")]
    [InlineData("nested")]
    [InlineData("empty")]
    public async Task Token_in_the_path_tells_which_task_has_ended(string body)
    {
        await using var gateway = await StartAsync(new() { Body = Enum.Parse<CallbackBody>(body, ignoreCase: true) });
        await using var wait = await WaitAsync(gateway, 2);
        _clock.Advance(TimeSpan.FromSeconds(Seconds));
        await MustReturnAsync(wait, gateway);
    }

    [Theory]
    [InlineData("""{"data":[{"TaskID":"{id}"}]}""", "{url}")]
    [InlineData("task={id}&state=done", "{url}")]
    [InlineData("done: {id}.", "{url}")]
    [InlineData("", "{url}?task={id}")]
    [InlineData("", "{origin}/behind/a/proxy/s3cret/{id}/done")]
    public async Task Task_id_anywhere_tells_it_too(string body, string url)
    {
        await using var gateway = await StartAsync(new() { Text = body, Url = url });
        await using var wait = await WaitAsync(gateway, 2, callback: "s3cret", listen: $"{Listen} http://127.0.0.1:{_port}/s3cret");
        _clock.Advance(TimeSpan.FromSeconds(Seconds));
        await MustReturnAsync(wait, gateway);
    }

    [Fact]
    public async Task Repeated_callbacks_return_a_task_once_and_cost_no_reads()
    {
        await using var gateway = await StartAsync(new() { At = [1, 1, 1] });
        await using var wait = await WaitAsync(gateway, 3);
        _clock.Advance(TimeSpan.FromSeconds(Seconds));
        await MustReturnAsync(wait, gateway);
        Assert.All(gateway.Tasks, task => Assert.Equal(2, task.Reads));
    }

    [Theory]
    [InlineData("task")]
    [InlineData("job")]
    public async Task Early_callback_does_not_end_a_task(string body)
    {
        await using var gateway = await StartAsync(new() { At = [0.5, 1], Body = Enum.Parse<CallbackBody>(body, ignoreCase: true) });
        await using var wait = await WaitAsync(gateway, 2);
        _clock.Advance(TimeSpan.FromSeconds(Seconds / 2));
        await Soon.Until(() => gateway.Tasks.All(task => task.Reads >= 2));
        Assert.Equal(0, wait.Returned);
        _clock.Advance(TimeSpan.FromSeconds(Seconds / 2));
        await MustReturnAsync(wait, gateway);
    }

    [Fact]
    public async Task Callback_that_says_completed_is_not_believed()
    {
        var early = TimeSpan.FromSeconds(Seconds / 2);
        await using var gateway = await StartAsync(new() { Delay = -early });
        await using var wait = await WaitAsync(gateway, 1);
        _clock.Advance(early);
        await Soon.Until(() => gateway.Tasks[0].Reads >= 2);
        Assert.Contains("completed", Assert.Single(gateway.Callbacks).Body, StringComparison.Ordinal);
        Assert.Equal(0, wait.Returned);
    }

    [Fact]
    public async Task Callback_before_the_create_is_answered_is_not_forgotten()
    {
        await using var gateway = await StartAsync(new() { BeforeAnswer = true, Body = CallbackBody.Empty });
        gateway.Settings.TaskDuration = TaskDuration.Fixed(TimeSpan.Zero);
        await using var wait = await WaitAsync(gateway, 3, listen: $"{Listen} {_port} -Verbose", isPolled: false);
        await wait.Running.WaitAsync(TimeSpan.FromMinutes(5));
        var ids = gateway.Tasks.Select(task => task.Id).Order();
        Assert.Equal(ids, wait.Output.Select(Id).Order());
        Assert.All(ids, id => Assert.Contains(wait.Pipeline.Streams.Verbose, line => line.Message.Contains($"callback arrived for task {id}", StringComparison.Ordinal)));
        Assert.All(gateway.Tasks, task => Assert.Equal(1, task.Reads));
    }

    [Fact]
    public async Task Lost_callbacks_lose_no_task()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(taskSeconds: 1));
        gateway.Shapes.Default = new() { Callback = new() { LossRate = 0.5 } };
        await using var wait = await WaitAsync(gateway, 20, listen: $"-ListenOn {_port}", isPolled: false);
        await wait.Running.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.InRange(gateway.Counts.CallbacksLost, 1, 19);
        Assert.Equal(gateway.Tasks.Select(task => task.Id).Order(), wait.Output.Select(Id).Order());
    }

    [Theory]
    [InlineData("{origin}/")]
    [InlineData("{origin}/mj/00000000000000000000000000000000-1")]
    public async Task Callback_without_the_secret_gets_404_and_causes_no_read(string url)
    {
        await using var gateway = await StartAsync(new() { Url = url, RetryDelays = [] });
        await using var wait = await WaitAsync(gateway, 2);
        _clock.Advance(TimeSpan.FromSeconds(Seconds));
        await Soon.Until(() => gateway.Counts.CallbacksGivenUp == 2);
        Assert.All(gateway.Callbacks, callback => Assert.Equal(404, callback.Status));
        // A read that those caused would come before that of the next one, which has the secret.
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(gateway.Tasks[0].Callback!), null);
        Assert.True(answer.IsSuccessStatusCode);
        await Soon.Until(() => gateway.Tasks[0].Reads >= 2);
        Assert.Equal(1, gateway.Tasks[1].Reads);
    }

    [Fact]
    public async Task Stop_closes_the_port()
    {
        await using var gateway = await StartAsync(new() { RetryDelays = [] });
        await using var wait = await WaitAsync(gateway, 2);
        Assert.True(IsOpen());
        await PipelineStop.StopAsync(wait.Pipeline, wait.Running);
        Assert.False(IsOpen());
        _clock.Advance(TimeSpan.FromSeconds(Seconds));
        await Soon.Until(() => gateway.Counts.CallbacksGivenUp == 2);
        Assert.All(gateway.Tasks, task => Assert.Equal(1, task.Reads));
    }

    [Fact]
    public async Task Two_waits_of_a_session_share_a_port()
    {
        await using var gateway = await StartAsync(new());
        gateway.Shapes.Set("later1", new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.FromSeconds(Seconds * 2)) });
        await using var first = await WaitAsync(gateway, 2);
        await using var second = await WaitAsync(gateway, 1, job: "later", session: first.Session);
        _clock.Advance(TimeSpan.FromSeconds(Seconds));
        await first.Running.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(2, first.Returned);
        Assert.True(IsOpen());
        Assert.False(second.Running.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(Seconds));
        await second.Running.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal("later1", Assert.Single(second.Output).Properties["SourceJobId"].Value);
        Assert.False(IsOpen());
    }

    [Fact]
    public async Task Run_in_a_process_of_its_own_is_told_of_every_end()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(taskSeconds: 3));
        gateway.Shapes.Default = new() { Callback = new() { Body = CallbackBody.Job, At = [0, 0.5, 1, 1] } };
        var shown = await ShellProcess.RunAsync($"{Script(20, "j", "mj/{token}")} | Wait-MJTask {Listen} {_port} | ForEach-Object SourceJobId", gateway.BaseUri, TestFolder.NewFile(".jsonl"));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"j{i}").Order(), shown.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order());
        Assert.Empty(gateway.MadeTwice);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string Id(PSObject task) => (string)task.Properties["Id"].Value;

    private static async Task MustReturnAsync(Wait wait, GatewayEmulator gateway)
    {
        await wait.Running.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(gateway.Tasks.Select(task => task.Id).Order(), wait.Output.Select(Id).Order());
        // At once: the gateway's clock stands still.
        Assert.All(gateway.Tasks, task => Assert.Equal(task.EndsAt, task.SeenAt));
    }

    private string Script(int count, string job, string callback, string parameters = "") =>
        $$"""1..{{count}} | ForEach-Object { [pscustomobject] @{ JobId = "{{job}}$_"; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale -Callback 'http://127.0.0.1:{{_port}}/{{callback}}' {{parameters}}""";

    private async Task<GatewayEmulator> StartAsync(CallbackShape callback)
    {
        var gateway = await GatewayEmulator.StartAsync(TestKey.Options(Seconds, _clock));
        gateway.Settings.RecordDetails = true;
        gateway.Shapes.Default = new TaskShape { Callback = callback };
        return gateway;
    }

    /// <summary>Begins to submit tasks and to wait for them. The first poll of each is over, so that no other one is near.</summary>
    private async Task<Wait> WaitAsync(GatewayEmulator gateway, int count, string callback = "mj/{token}", string? listen = null, string job = "j", PSObject? session = null, bool isPolled = true)
    {
        var shell = session is null ? ModuleShell.For(gateway, $"{PipelineStop.Patient} -JournalPath '{TestFolder.NewFile(".jsonl")}'") : new ModuleShell();
        session ??= shell.Run("Get-MJSession").Output.Single();
        var pipeline = shell.Prepare($"{Script(count, job, callback, "-Session $session")} | Wait-MJTask -Session $session {listen ?? $"{Listen} {_port}"}", ("session", session));
        var output = new PSDataCollection<PSObject>();
        var wait = new Wait(session, shell, pipeline, output, Task.Factory.FromAsync(pipeline.BeginInvoke<PSObject, PSObject>(null, output), pipeline.EndInvoke));
        if (isPolled) await Soon.Until(() => gateway.Tasks.Count(task => task.JobId!.StartsWith(job, StringComparison.Ordinal) && task.Reads == 1) == count);
        return wait;
    }

    private bool IsOpen()
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed record Wait(PSObject Session, ModuleShell Shell, PowerShell Pipeline, PSDataCollection<PSObject> Output, Task Running) : IAsyncDisposable
    {
        // To enumerate the output would be to wait for its end.
        public int Returned => Output.Count;

        public async ValueTask DisposeAsync()
        {
            if (!Running.IsCompleted) await PipelineStop.StopAsync(Pipeline, Running);
            Pipeline.Dispose();
            Shell.Dispose();
        }
    }
}
