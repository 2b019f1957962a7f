namespace MidJourney.Client.Tests;

public sealed class DeadlineTests : PollerTestBase
{
    [Fact]
    public async Task Each_task_has_its_own_deadline_from_when_it_was_added()
    {
        var poller = NewPoller(Reader(look => look.Running()));
        Add(poller, "first", 20);
        var run = Run(poller);
        await Clock.Pass(TimeSpan.FromSeconds(15));
        Add(poller, "second", 20);
        Add(poller, "short", 2);
        poller.EndAdding();
        await Clock.Drive(run);
        Assert.Equal(["short", "first", "second"], Outcomes.Select(o => o.Task.Id));
        Assert.Equal([17, 20, 35], Emitted.Select(e => (int)e.At.TotalSeconds));
    }

    [Fact]
    public async Task A_timeout_comes_with_the_last_snapshot_and_the_task_goes_on()
    {
        await PollAsync(Reader(look => look.Running(0.42)), ["t"], timeout: 60);
        var outcome = Assert.Single(Outcomes);
        Assert.Equal((GatewayErrorKind.WaitTimeout, false), (outcome.Error!.Kind, outcome.TaskEnded));
        Assert.Equal((MJTaskStatus.InProgress, 0.42), (outcome.Task.Status, outcome.Task.Progress));
        Assert.Contains("60 s", outcome.Error.Message, StringComparison.Ordinal);
        Assert.Contains("in_progress", outcome.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_names_the_fault_that_stood_in_the_way()
    {
        await PollAsync(Reader(_ => throw new GatewayException(GatewayErrorKind.ServerError, ClientMessages.ReadFailed("t", "HTTP 502")) { IsTransient = true }), ["t"], timeout: 60);
        var error = Assert.Single(Outcomes).Error!;
        Assert.Equal((GatewayErrorKind.WaitTimeout, "Timed out after 60 s waiting for task t; status: unknown; last read: HTTP 502. The task continues at the gateway."), (error.Kind, error.Message));
    }

    [Fact]
    public async Task A_read_that_hangs_does_not_hold_its_deadline_up()
    {
        var reader = Reader(_ => Look.Hang());
        await PollAsync(reader, ["t"], timeout: 30);
        Assert.Equal(GatewayErrorKind.WaitTimeout, Assert.Single(Outcomes).Error?.Kind);
        Assert.InRange(Emitted[0].At.TotalSeconds, 30, 32);
        Assert.Equal(0, reader.InFlight);
    }

    [Fact]
    public async Task A_read_that_hangs_does_not_hold_other_tasks_up()
    {
        var reader = Reader(look => look.Id == "hanging" ? Look.Hang() : look.Completed());
        await PollAsync(reader, ["hanging", "a", "b"], timeout: 600, mostReads: 2);
        Assert.Equal(["a", "b", "hanging"], Outcomes.Select(o => o.Task.Id).Order());
        Assert.All(Emitted.Where(e => e.Outcome.Task.Id != "hanging"), e => Assert.True(e.At < TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Without_a_limit_a_task_is_waited_for_as_long_as_it_takes()
    {
        await PollAsync(Reader(look => look.CompletedAfter(30 * 3600)), ["t"], step: 5);
        Assert.Null(Assert.Single(Outcomes).Error);
    }

    [Fact]
    public async Task A_timeout_of_nothing_ends_at_once()
    {
        await PollAsync(Reader(look => look.Running()), ["t"], timeout: 0);
        Assert.Equal(GatewayErrorKind.WaitTimeout, Assert.Single(Outcomes).Error?.Kind);
        Assert.Equal(Start, Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_thousand_deadlines_at_once_are_each_told_once()
    {
        await PollAsync(Reader(look => look.Running(), latency: 0.1), Ids(1000), timeout: 30);
        Assert.Equal(Ids(1000).Order(), Outcomes.Select(o => o.Task.Id).Order());
        Assert.All(Outcomes, o => Assert.Equal(GatewayErrorKind.WaitTimeout, o.Error?.Kind));
        Assert.All(Emitted, e => Assert.InRange(e.At.TotalSeconds, 30, 35));
    }
}
