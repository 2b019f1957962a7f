namespace MidJourney.Client.Tests;

public sealed class PollerEdgeTests : PollerTestBase
{
    [Fact]
    public async Task Reads_that_hang_do_not_hold_the_deadline_of_a_task_in_the_queue_up()
    {
        var poller = NewPoller(Reader(_ => Look.Hang()), mostReads: 1);
        Add(poller, "hanging", 600);
        Add(poller, "queued", 30);
        poller.EndAdding();
        await Clock.Drive(Run(poller));
        Assert.Equal(["queued", "hanging"], Outcomes.Select(o => o.Task.Id));
        Assert.InRange(Emitted[0].At.TotalSeconds, 30, 32);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(24855)]
    public async Task A_timeout_of_many_days_is_no_trouble(int days)
    {
        await PollAsync(Reader(look => look.CompletedAfter(10)), ["t"], timeout: days * 86400.0);
        Assert.Null(Assert.Single(Outcomes).Error);
    }

    [Fact]
    public async Task The_longest_timeout_is_no_trouble()
    {
        var poller = NewPoller(Reader(look => look.CompletedAfter(10)));
        await Clock.Pass(TimeSpan.FromSeconds(1));
        poller.Add(new MJTask { Id = "t" }, TimeSpan.MaxValue);
        poller.EndAdding();
        await Clock.Drive(Run(poller));
        Assert.Null(Assert.Single(Outcomes).Error);
    }

    [Fact]
    public async Task A_completed_task_whose_url_did_not_come_in_time_has_still_ended()
    {
        await PollAsync(Reader(look => look.Bare()), ["t"], timeout: 5);
        Assert.Null(Assert.Single(Outcomes).Error);
    }

    [Fact]
    public async Task A_retry_after_of_nothing_still_backs_off()
    {
        var reader = Reader(look => look.Number <= 50 ? Look.Transient(TimeSpan.Zero) : look.Completed());
        await PollAsync(reader, ["t"]);
        Assert.True(Emitted[0].At > TimeSpan.FromSeconds(5));
    }
}
