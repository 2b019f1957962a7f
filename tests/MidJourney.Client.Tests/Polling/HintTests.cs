namespace MidJourney.Client.Tests;

/// <summary>A callback is a hint: the task is read at once, and only the read decides.</summary>
public sealed class HintTests : PollerTestBase
{
    [Theory]
    [InlineData(0)]
    [InlineData(45)]
    public async Task A_hinted_task_is_read_at_once_whatever_its_schedule(double minInterval)
    {
        var ended = false;
        var reader = Reader(look => ended ? look.Completed() : look.Running());
        var (poller, run) = await StartAsync(reader, minInterval);
        ended = true;
        var hinted = Clock.GetUtcNow() - Start;
        poller.Hint("t");
        poller.EndAdding();
        await Clock.Drive(run);
        Assert.Equal(hinted, Assert.Single(Emitted).At);
    }

    [Fact]
    public async Task A_hint_during_a_read_that_shows_it_running_is_followed_by_one_more_read()
    {
        var reader = Reader(look => look.Number == 1 ? look.Running() : look.Completed(), latency: 1);
        var poller = NewPoller(reader, minInterval: 45);
        Add(poller, "t");
        poller.EndAdding();
        var run = Run(poller);
        await Clock.DriveUntil(() => reader.InFlight == 1);
        for (var i = 0; i < 5; i++) poller.Hint("t");
        await Clock.Drive(run);
        Assert.Equal(2, reader.Reads.Length);
        Assert.InRange(reader.Reads[1].At.TotalSeconds, 1, 2);
    }

    [Fact]
    public async Task A_hint_during_a_read_that_shows_the_end_adds_no_read()
    {
        var reader = Reader(look => look.Completed(), latency: 1);
        var poller = NewPoller(reader);
        Add(poller, "t");
        poller.EndAdding();
        var run = Run(poller);
        await Clock.DriveUntil(() => reader.InFlight == 1);
        poller.Hint("t");
        await Clock.Drive(run);
        Assert.Single(reader.Reads);
        Assert.Single(Outcomes);
    }

    [Fact]
    public async Task Repeats_while_a_read_is_pending_add_no_read()
    {
        var reader = Reader(look => look.Id == "hanging" ? Look.Hang() : look.Completed());
        var poller = NewPoller(reader, mostReads: 1);
        Add(poller, "hanging", 10);
        Add(poller, "t");
        poller.EndAdding();
        var run = Run(poller);
        for (var i = 0; i < 5; i++) poller.Hint("t");
        await Clock.Drive(run);
        Assert.Single(reader.ReadsOf("t"));
    }

    [Fact]
    public async Task An_id_that_is_unknown_or_has_ended_is_ignored()
    {
        var reader = Reader(look => look.Id == "a" ? look.Completed() : look.Running());
        var poller = NewPoller(reader);
        Add(poller, "a");
        Add(poller, "expired", 1);
        var run = Run(poller);
        await Clock.DriveUntil(() => Emitted.Length == 2);
        var reads = reader.Reads.Length;
        foreach (var id in new[] { "a", "A", "expired", "unknown", "" }) poller.Hint(id);
        PoolQuiet.Wait();
        poller.EndAdding();
        await Clock.Drive(run);
        Assert.Equal((reads, 2), (reader.Reads.Length, Emitted.Length));
    }

    [Fact]
    public async Task A_hint_between_adding_a_task_and_the_start_is_not_lost()
    {
        var reader = Reader(look => look.Completed());
        var poller = NewPoller(reader);
        // Its age is known, so it would not be read at once.
        poller.Add(new Look("t", TimeSpan.Zero, 0).Running(), null);
        poller.Hint("t");
        poller.EndAdding();
        await Clock.Drive(Run(poller));
        Assert.Equal([TimeSpan.Zero], reader.ReadsOf("t"));
    }

    [Fact]
    public async Task A_hint_does_not_shorten_a_pause_that_the_gateway_asked_for()
    {
        var reader = Reader(look => look.Number == 1 ? Look.Transient(TimeSpan.FromSeconds(50)) : look.Completed());
        var (poller, run) = await StartAsync(reader);
        poller.Hint("t");
        poller.EndAdding();
        await Clock.Drive(run);
        Assert.True(reader.ReadsOf("t")[1] >= TimeSpan.FromSeconds(50));
    }

    /// <summary>A poller whose task "t" was read once.</summary>
    private async Task<(TaskPoller Poller, Task Run)> StartAsync(FakeReader reader, double minInterval = 0)
    {
        var poller = NewPoller(reader, minInterval: minInterval);
        Add(poller, "t");
        var run = Run(poller);
        await Clock.DriveUntil(() => reader.Reads.Length == 1 && reader.InFlight == 0);
        PoolQuiet.Wait();
        return (poller, run);
    }
}
