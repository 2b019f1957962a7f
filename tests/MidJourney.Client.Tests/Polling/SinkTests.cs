namespace MidJourney.Client.Tests;

public sealed class SinkTests : PollerTestBase
{
    [Fact]
    public async Task A_sink_that_holds_back_loses_nothing_and_is_called_one_at_a_time()
    {
        var poller = NewPoller(Reader(look => look.CompletedAfter(5)), mostReads: 4);
        foreach (var id in Ids(50)) Add(poller, id, 3600);
        poller.EndAdding();
        int inside = 0, most = 0;
        var run = Task.Run(() => poller.RunAsync(async (outcome, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Delay(TimeSpan.FromSeconds(2), Clock, token);
            Interlocked.Decrement(ref inside);
            await Emit(outcome, token);
        }, CancellationToken.None));
        await Clock.Drive(run);
        Assert.Equal(1, most);
        Assert.Equal(Ids(50).Order(), Outcomes.Select(o => o.Task.Id).Order());
        Assert.All(Outcomes, o => Assert.Null(o.Error));
    }

    [Fact]
    public async Task A_sink_that_throws_ends_it()
    {
        var poller = NewPoller(Reader(look => look.Completed()));
        Add(poller, "t");
        await Assert.ThrowsAsync<NotSupportedException>(() =>
            Clock.Drive(Task.Run(() => poller.RunAsync((_, _) => throw new NotSupportedException(), CancellationToken.None))));
    }
}
