using MidJourney.Bench.Simulation;

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

    [Fact]
    public async Task A_task_that_a_late_read_shows_running_after_its_callback_is_soon_read_again()
    {
        var hinted = TimeSpan.FromDays(1);
        var reader = Reader(look => look.At < hinted + TimeSpan.FromSeconds(0.5) ? look.Running() : look.Completed());
        var (poller, run) = await StartAsync(reader, listens: true);
        hinted = Clock.GetUtcNow() - Start;
        poller.Hint("t");
        poller.EndAdding();
        await Clock.Drive(run);
        Assert.InRange((Assert.Single(Emitted).At - hinted).TotalSeconds, 0.5, 1);
    }

    [Fact]
    public async Task Callbacks_without_end_do_not_become_reads_without_end()
    {
        var reader = Reader(look => look.At.TotalSeconds < 300 ? look.Running() : look.Completed());
        var (poller, run) = await StartAsync(reader, listens: true);
        for (var i = 0; i < 200; i++)
        {
            poller.Hint("t");
            await Clock.Pass(TimeSpan.FromSeconds(0.2));
        }
        var reads = reader.Reads.Length;
        poller.EndAdding();
        await Clock.Drive(run);
        Assert.InRange(reads, 6, 60);
        Assert.Single(Outcomes);
    }

    [Fact]
    public async Task A_flood_of_callbacks_does_not_become_a_flood_of_reads()
    {
        var reader = Reader(look => look.At.TotalSeconds < 300 ? look.Running() : look.Completed(), latency: 0.1);
        // Its own polls would come in between.
        var (poller, run) = await StartAsync(reader, minInterval: 3600, listens: true);
        // Some arrive during each read.
        for (var i = 0; i < 1000; i++)
        {
            poller.Hint("t");
            await Clock.Pass(TimeSpan.FromSeconds(0.03));
        }
        var reads = reader.Reads.Length;
        poller.EndAdding();
        await Clock.Drive(run, step: TimeSpan.FromMinutes(1), most: TimeSpan.FromHours(2));
        Assert.InRange(reads, 6, 30);
        Assert.Single(Outcomes);
    }

    [Fact]
    public async Task A_listener_to_which_nothing_comes_changes_nothing_for_a_task_of_unknown_age()
    {
        var reader = Reader(look => look.CompletedAfter(120));
        var poller = NewPoller(reader, listens: true);
        foreach (var id in Ids(80)) Add(poller, id);
        poller.EndAdding();
        await Clock.Drive(Run(poller));
        Assert.Equal(80, Outcomes.Length);
        Assert.All(Emitted, e => Assert.InRange(e.At.TotalSeconds, 120, 135));
    }

    /// <summary>1,000 tasks of 30 to 60 s, in virtual time.</summary>
    [Theory]
    [InlineData(0, false, 3.6)]
    [InlineData(0, true, 1.2)]
    [InlineData(100, false, 2.3)]
    [InlineData(100, true, 1.2)]
    public void Callbacks_replace_polls(int running, bool isWarm, double reads)
    {
        var outcome = (Told(new Hints("each")) with { Arrivals = ArrivalsOf(running), IsWarm = isWarm }).Run(1000, 16, 2);
        Assert.True(outcome.Polls <= reads && outcome.Median < 0.1, $"{outcome}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Tasks_whose_callbacks_are_lost_are_seen_no_later_than_by_polling_alone(int running) =>
        AssertNotLater(Told(new Hints("lossy") { Loss = 0.2 }) with { Arrivals = ArrivalsOf(running) }, 1000, 1.1, moreAtMost: 0.5);

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Callbacks_that_stop_are_missed_at_once(int running) =>
        AssertNotLater(Told(new Hints("stop") { Until = 45 }) with { Arrivals = ArrivalsOf(running) }, 1000, 1.2, moreAtMost: 2);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(100)]
    public void Callbacks_that_never_come_change_nothing_for_a_few_tasks(int tasks)
    {
        var broken = Told(new Hints("broken") { Loss = 1 });
        Assert.Equal((broken with { Strategy = Strategy.Deaf }).Run(tasks, 16, 20), broken.Run(tasks, 16, 20));
    }

    [Fact]
    public void Callbacks_that_never_come_delay_hardly_any_of_many_tasks()
    {
        const int tasks = 1000;
        var broken = Told(new Hints("broken") { Loss = 1 });
        var (ours, alone) = (broken.RunTogether(tasks, 16, 2, _ => true), (broken with { Strategy = Strategy.Deaf }).RunTogether(tasks, 16, 2, _ => true));
        Assert.True(ours.Polls <= alone.Polls && ours.Mean <= 1.15 * alone.Mean, $"{ours} {alone}");
        Assert.True(ours.P95 <= 1.15 * alone.P95 && ours.P99 <= alone.P99 + 1, $"{ours} {alone}");
    }

    [Fact]
    public void Callbacks_for_early_states_and_repeats_cost_a_few_reads_each()
    {
        var early = (Told(new Hints("early") { Early = [0.2, 2], Repeats = 1 }) with { Arrivals = ArrivalsOf(100) }).Run(1000, 16, 1);
        Assert.True(early.Polls <= 8 && early.Median < 0.1, $"{early}");
        var endless = (Told(new Hints("endless") { Early = [.. Enumerable.Range(1, 30).Select(n => n * 2.0)] }) with { Arrivals = ArrivalsOf(100) }).Run(1000, 16, 1);
        Assert.True(endless.Polls <= 20, $"{endless}");
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1)]
    public void Reads_that_lag_behind_callbacks_are_repeated_soon(double lag)
    {
        var outcome = (Told(new Hints("lag") { ReadLag = lag }) with { Arrivals = ArrivalsOf(100) }).Run(1000, 16, 1);
        Assert.True(outcome.P99 <= lag + 1 && outcome.Polls <= 6, $"{outcome}");
    }

    private static Situation Told(Hints hints) => new(Strategy.Ours, Durations.HalfToOneMinute, Progress.None, Arrivals.All[0]) { Hints = hints };

    private static Arrivals ArrivalsOf(int running) => running == 0 ? Arrivals.All[0] : Arrivals.Hundred;

    /// <summary>The tasks without a callback, against the same tasks polled without callbacks.</summary>
    private static void AssertNotLater(Situation situation, int tasks, double noise, double moreAtMost)
    {
        var ours = situation.RunTogether(tasks, 16, 2, t => t.IsLost);
        var alone = (situation with { Strategy = Strategy.Deaf }).RunTogether(tasks, 16, 2, t => t.IsLost);
        Assert.True(ours.Mean <= noise * alone.Mean && ours.P99 <= noise * alone.P99 && ours.Max <= noise * alone.Max + moreAtMost, $"{ours} {alone}");
    }

    /// <summary>A poller whose task "t" was read once.</summary>
    private async Task<(TaskPoller Poller, Task Run)> StartAsync(FakeReader reader, double minInterval = 0, bool listens = false)
    {
        var poller = NewPoller(reader, minInterval: minInterval, listens: listens);
        Add(poller, "t");
        var run = Run(poller);
        await Clock.DriveUntil(() => reader.Reads.Length == 1 && reader.InFlight == 0);
        PoolQuiet.Wait();
        return (poller, run);
    }
}
