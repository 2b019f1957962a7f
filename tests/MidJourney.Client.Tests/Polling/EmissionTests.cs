namespace MidJourney.Client.Tests;

public sealed class EmissionTests : PollerTestBase
{
    [Fact]
    public async Task Each_task_is_emitted_once_in_the_order_of_their_ends()
    {
        var reader = Reader(look => look.CompletedAfter(look.Id switch { "slow" => 1500, "quick" => 5, _ => 120 }));
        await PollAsync(reader, ["slow", "quick", "middle"]);
        Assert.Equal(["quick", "middle", "slow"], Outcomes.Select(o => o.Task.Id));
        Assert.All(Outcomes, o => Assert.True(o.TaskEnded && o.Error is null));
        Assert.Equal("https://files.test/slow.png", Outcomes[2].Task.Url);
    }

    [Fact]
    public async Task A_task_is_emitted_while_others_still_run()
    {
        var open = false;
        var reader = Reader(look => look.Id == "quick" || open ? look.Completed() : look.Running());
        var poller = NewPoller(reader);
        Add(poller, "slow");
        Add(poller, "quick");
        poller.EndAdding();
        var run = Run(poller);
        await Clock.DriveUntil(() => Emitted.Length == 1);
        Assert.False(run.IsCompleted);
        open = true;
        await Clock.Drive(run);
        Assert.Equal(["quick", "slow"], Outcomes.Select(o => o.Task.Id));
    }

    [Fact]
    public async Task A_task_that_is_added_twice_is_waited_for_once()
    {
        await PollAsync(Reader(look => look.CompletedAfter(10)), ["a", "b", "a", "a", "b"]);
        Assert.Equal(["a", "b"], Outcomes.Select(o => o.Task.Id).Order());
    }

    [Fact]
    public async Task A_task_that_has_ended_is_not_waited_for_again()
    {
        var reader = Reader(look => look.Completed());
        var poller = NewPoller(reader);
        Add(poller, "a");
        var run = Run(poller);
        await Clock.DriveUntil(() => Emitted.Length == 1);
        Add(poller, "a");
        poller.EndAdding();
        await Clock.Drive(run);
        Assert.Single(Outcomes);
        Assert.Single(reader.Reads);
    }

    [Fact]
    public async Task Ids_that_differ_in_case_are_different_tasks()
    {
        await PollAsync(Reader(look => look.Completed()), ["a", "A"]);
        Assert.Equal(2, Outcomes.Length);
    }

    [Fact]
    public async Task Tasks_that_have_ended_already_are_emitted_without_a_read()
    {
        var reader = Reader(look => look.Completed());
        var poller = NewPoller(reader);
        var look = new Look("x", TimeSpan.Zero, 1);
        poller.Add(look.Completed() with { Id = "completed" }, null);
        poller.Add(look.Failed() with { Id = "failed" }, null);
        poller.Add(new MJTask { Id = "cancelled", Status = MJTaskStatus.Cancelled, RawStatus = "cancelled" }, null);
        poller.EndAdding();
        await Clock.Drive(Run(poller));
        Assert.Empty(reader.Reads);
        Assert.Equal(["completed", "failed", "cancelled"], Outcomes.Select(o => o.Task.Id));
        Assert.Equal([null, GatewayErrorKind.GenerationFailed, GatewayErrorKind.TaskFailed], Outcomes.Select(o => o.Error?.Kind));
    }

    [Fact]
    public async Task Tasks_may_be_added_while_it_runs_and_it_ends_only_when_adding_has()
    {
        var poller = NewPoller(Reader(look => look.Completed()));
        var run = Run(poller);
        Add(poller, "a");
        await Clock.DriveUntil(() => Emitted.Length == 1);
        await Clock.Pass(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.False(run.IsCompleted);
        Add(poller, "b");
        await Clock.DriveUntil(() => Emitted.Length == 2);
        poller.EndAdding();
        await Clock.Drive(run);
        Assert.Equal(2, Outcomes.Length);
    }

    [Fact]
    public async Task With_nothing_to_wait_for_it_ends_at_once()
    {
        await PollAsync(Reader(look => look.Completed()), []);
        Assert.Empty(Outcomes);
        Assert.Equal(Start, Clock.GetUtcNow());
    }

    [Fact]
    public async Task What_only_the_submitter_knows_is_kept()
    {
        var poller = NewPoller(Reader(look => look.CompletedAfter(10)));
        poller.Add(new MJTask { Id = "t", Status = MJTaskStatus.InProgress, RawStatus = "in_progress", Model = "m", SourceJobId = "job-1", SourceImageNo = 3, UpscaleType = UpscaleType.V5_4x }, null);
        poller.EndAdding();
        await Clock.Drive(Run(poller));
        var task = Assert.Single(Outcomes).Task;
        Assert.Equal(("job-1", 3, UpscaleType.V5_4x, "m"), (task.SourceJobId, task.SourceImageNo, task.UpscaleType, task.Model));
    }

    [Theory]
    [InlineData("8004005098", GatewayErrorKind.GenerationFailed)]
    [InlineData("8004005099", GatewayErrorKind.ProviderUnavailable)]
    [InlineData("1002", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(null, GatewayErrorKind.TaskFailed)]
    public async Task A_failed_task_comes_with_a_named_error(string? code, GatewayErrorKind kind)
    {
        await PollAsync(Reader(look => look.Failed(code)), ["t"]);
        var outcome = Assert.Single(Outcomes);
        Assert.Equal((kind, code, true), (outcome.Error!.Kind, outcome.Error.Error?.Code, outcome.TaskEnded));
        Assert.Contains("Task t failed: it failed", outcome.Error.Message, StringComparison.Ordinal);
    }
}
