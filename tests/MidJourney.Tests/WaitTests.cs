using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

public sealed class WaitTests
{
    /// <summary>The gateway's, where a test says when tasks end.</summary>
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private const string Jobs = "[pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 1 }";

    [Fact]
    public async Task Every_task_comes_out_once_with_its_result_and_its_origin()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run($"1..30 | ForEach-Object {{ {Jobs} }} | Invoke-MJUpscale | Wait-MJTask").MustSucceed();
        Assert.Equal(gateway.Tasks.Select(t => t.Id).Order(), result.Texts("Id").Order());
        Assert.All(result.Texts("Status"), status => Assert.Equal("Completed", status));
        Assert.Equal(gateway.Tasks.Select(t => t.JobId).Order(), result.Texts("SourceJobId").Order());
        Assert.All(result.Texts("UpscaleType"), type => Assert.Equal("Creative", type));
        Assert.All(result.Texts("Url"), url => Assert.StartsWith(gateway.BaseUri.ToString(), url, StringComparison.Ordinal));
        Assert.All(result.Texts("Cost"), cost => Assert.Equal("0.05", cost));
        Assert.All(result.Texts("JobId"), job => Assert.NotEqual("null", job));
    }

    [Fact]
    public async Task A_finished_task_comes_out_before_the_input_has_ended()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var quick = gateway.AddTask("quick").Id;
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("""
            $seen = [System.Collections.Generic.List[string]]::new()
            & { $id; foreach ($i in 1..5000) { [System.Threading.Thread]::Sleep(10); $seen.Add('in'); $id; if ($seen.Contains('out')) { break } } } |
                Wait-MJTask | ForEach-Object { $seen.Add('out') }
            $seen.IndexOf('out')
            """, ("id", quick)).MustSucceed();
        Assert.InRange((int)result.Output.Single().BaseObject, 1, 4999);
    }

    [Fact]
    public async Task Hundreds_of_ids_never_have_more_than_ThrottleLimit_requests_in_flight()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Settings.AnswerDelay = TimeSpan.FromMilliseconds(50);
        var ids = Enumerable.Range(0, 200).Select(i => gateway.AddTask($"j{i}").Id).ToArray();
        using var shell = ModuleShell.For(gateway, "-ThrottleLimit 8");
        var result = shell.Run("$ids | Wait-MJTask", ("ids", ids)).MustSucceed();
        Assert.Equal(200, result.Output.Count);
        Assert.InRange(gateway.Counts.MaxReadsInFlight, 2, 8);
    }

    [Theory]
    [InlineData("8004005098", "MJ.GenerationFailed")]
    [InlineData("8004005099", "MJ.ProviderUnavailable")]
    [InlineData("110001", "MJ.ContentRefused")]
    [InlineData("190000", "MJ.TaskFailed")]
    public async Task A_failed_task_is_put_out_and_reported(string code, string id)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Set("bad", new TaskShape { Failure = new TaskFailure(code, "no luck") });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("'bad', 'good' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale | Wait-MJTask");
        Assert.Equal(["Completed", "Failed"], result.Texts("Status").Order());
        Assert.Equal([id], result.ErrorIds);
        Assert.Contains("no luck", result.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains(code, result.Errors[0].Exception.Message, StringComparison.Ordinal);
        var failed = result.Output.Single(o => o.Properties["Status"].Value.ToString() == "Failed");
        Assert.Same(failed.BaseObject, result.Errors[0].TargetObject);
    }

    [Fact]
    public async Task ErrorAction_Stop_stops_at_a_failed_task()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { Failure = TaskFailure.GenerationFailed };
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0 | Wait-MJTask -ErrorAction Stop");
        Assert.Equal("MJ.GenerationFailed", result.ThrownId);
    }

    [Fact]
    public async Task After_a_timeout_the_waiting_can_go_on()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(60, _clock));
        var slow = gateway.AddTask("slow").Id;
        using var shell = ModuleShell.For(gateway);
        var late = shell.Run("Wait-MJTask $id -TimeoutSec 1 -ErrorVariable late", ("id", slow));
        Assert.Equal(["MJ.WaitTimeout"], late.ErrorIds);
        Assert.Empty(late.Output);
        _clock.Advance(TimeSpan.FromSeconds(61));
        var ended = shell.Run("$late.TargetObject | Wait-MJTask").MustSucceed();
        Assert.Equal((slow, "Completed"), (ended.Value("Id"), ended.Value("Status")!.ToString()));
    }

    [Theory]
    [InlineData(402, "MJ.InsufficientBalance")]
    [InlineData(403, "MJ.Forbidden")]
    [InlineData(404, "MJ.TaskNotFound")]
    public async Task A_refusal_ends_the_wait_for_that_task_at_once(int status, string id)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var (bad, good) = (gateway.AddTask("bad").Id, gateway.AddTask("good").Id);
        gateway.Faults.Add(new Fault { Operation = Operation.Read, TaskId = bad, Kind = FaultKind.Status, Status = status });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("$bad, $good | Wait-MJTask", ("bad", bad), ("good", good));
        Assert.Equal([id], result.ErrorIds);
        Assert.Equal(good, result.Value("Id"));
        Assert.Equal(1, gateway.ReadsOf(bad));
    }

    [Theory]
    [InlineData(FaultKind.Status, 500)]
    [InlineData(FaultKind.Status, 502)]
    [InlineData(FaultKind.Status, 429)]
    [InlineData(FaultKind.CutBefore, null)]
    [InlineData(FaultKind.HalfBody, null)]
    [InlineData(FaultKind.NotJson, null)]
    [InlineData(FaultKind.NoId, null)]
    public async Task A_wait_survives_every_passing_fault(FaultKind kind, int? status)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var id = gateway.AddTask("j").Id;
        gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = kind, Status = status, Times = 2 });
        using var shell = ModuleShell.For(gateway);
        shell.Run("$id | Wait-MJTask", ("id", id)).MustSucceed();
        Assert.Equal(3, gateway.ReadsOf(id));
    }

    [Fact]
    public async Task An_unknown_status_is_still_running_with_one_warning()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(60, _clock));
        gateway.Shapes.Default = new TaskShape { RunningStatuses = ["REVIEWING"] };
        using var shell = ModuleShell.For(gateway);
        var running = Task.Run(() => shell.Run($"1..3 | ForEach-Object {{ {Jobs} }} | Invoke-MJUpscale | Wait-MJTask"));
        await Soon.Until(() => gateway.Tasks.Count(t => t.Reads > 0) == 3);
        _clock.Advance(TimeSpan.FromSeconds(61));
        var result = (await running).MustSucceed();
        Assert.Equal(3, result.Output.Count);
        Assert.Contains("REVIEWING", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_completed_task_is_held_until_its_url_is_there()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(0, _clock));
        gateway.Shapes.Default = new TaskShape { UrlDelay = TimeSpan.FromSeconds(60), Duration = TaskDuration.Fixed(TimeSpan.Zero) };
        using var shell = ModuleShell.For(gateway);
        var running = Task.Run(() => shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0 | Wait-MJTask"));
        await Soon.Until(() => gateway.Tasks.Any(t => t.Reads > 0));
        Assert.False(running.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.NotNull((await running).MustSucceed().Value("Url"));
    }

    [Fact]
    public async Task Any_ends_with_the_first_task_that_ends()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var never = gateway.AddTask("never", shape: new TaskShape { Duration = TaskDuration.Never }).Id;
        var quick = gateway.AddTask("quick").Id;
        using var shell = ModuleShell.For(gateway);
        Assert.Equal(quick, shell.Run("$never, $quick | Wait-MJTask -Any", ("never", never), ("quick", quick)).MustSucceed().Value("Id"));
    }

    [Fact]
    public async Task The_poll_interval_is_the_least_time_between_two_reads_of_a_task()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Set("never", new TaskShape { Duration = TaskDuration.Never });
        var (often, once) = (gateway.AddTask("never").Id, gateway.AddTask("never").Id);
        using var shell = ModuleShell.For(gateway);
        // Both run on; one may be read again before its time is up, the other only in ten minutes.
        Assert.Equal(["MJ.WaitTimeout"], shell.Run("Wait-MJTask $id -TimeoutSec 2 -PollIntervalSec 0.1", ("id", often)).ErrorIds);
        Assert.Equal(["MJ.WaitTimeout"], shell.Run("Wait-MJTask $id -TimeoutSec 2 -PollIntervalSec 600", ("id", once)).ErrorIds);
        Assert.True(gateway.ReadsOf(often) > 1);
        Assert.Equal(1, gateway.ReadsOf(once));
    }
}
