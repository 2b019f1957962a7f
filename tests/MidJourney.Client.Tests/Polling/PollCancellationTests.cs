namespace MidJourney.Client.Tests;

public sealed class PollCancellationTests : PollerTestBase
{
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Cancelled_between_reads_it_ends_without_time_passing()
    {
        var reader = Reader(look => look.Running());
        await AssertStops(reader, Ids(100));
        Assert.NotEmpty(reader.Reads);
    }

    [Fact]
    public async Task Cancelled_while_reads_hang_it_ends_without_time_passing()
    {
        var reader = Reader(_ => Look.Hang());
        await AssertStops(reader, Ids(100));
        PoolQuiet.Wait();
        Assert.Equal(0, reader.InFlight);
    }

    [Fact]
    public async Task Cancelled_with_nothing_added_it_ends_without_time_passing() => await AssertStops(Reader(look => look.Running()), []);

    [Fact]
    public async Task Cancelled_while_the_sink_holds_it_back_it_ends_without_time_passing()
    {
        var poller = NewPoller(Reader(look => look.Completed()));
        Add(poller, "t");
        var run = Task.Run(() => poller.RunAsync(async (_, token) => await Task.Delay(Timeout.Infinite, token), _stop.Token));
        PoolQuiet.Wait();
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    protected override void Dispose(bool disposing)
    {
        _stop.Dispose();
        base.Dispose(disposing);
    }

    private async Task AssertStops(FakeReader reader, string[] ids)
    {
        var poller = NewPoller(reader);
        foreach (var id in ids) Add(poller, id, 900);
        var run = Run(poller, _stop.Token);
        await Clock.Pass(TimeSpan.FromSeconds(3));
        Assert.False(run.IsCompleted);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        var reads = reader.Reads.Length;
        await Clock.Pass(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Equal(reads, reader.Reads.Length);
        Assert.Empty(Outcomes);
    }
}
