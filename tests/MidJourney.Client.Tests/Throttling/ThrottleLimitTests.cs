namespace MidJourney.Client.Tests;

public sealed class ThrottleLimitTests : ClientTestBase
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public async Task Never_more_than_the_limit_are_in_flight_and_the_limit_is_used(int limit)
    {
        // Creates and reads alike take a virtual second each.
        var (client, gateway) = Setup(Options(limit), async (request, ended) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Clock, ended);
            return await Answers.Json(Sample.Created)(request, ended);
        });
        var work = Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? client.CreateAsync(Sample.Submission) : client.ReadAsync("t"));
        await Clock.Drive(Task.WhenAll(work));
        Assert.Equal(limit, gateway.MostInFlight);
        Assert.Equal(60, gateway.Sent.Length);
        Assert.Equal(0, client.Counters.InFlight);
    }

    [Fact]
    public async Task A_request_that_fails_gives_its_place_back()
    {
        var (client, gateway) = Setup(Options(1), Answers.CutAfterSending(), Answers.Json("", 500), Answers.Json("nonsense"), Answers.Json(Sample.Created));
        for (var i = 0; i < 3; i++) await Clock.Failure(client.CreateAsync(Sample.Submission));
        await Clock.Drive(client.CreateAsync(Sample.Submission));
        Assert.Equal(4, gateway.Sent.Length);
    }

    [Fact]
    public async Task A_request_that_waits_to_be_repeated_holds_no_place()
    {
        var (client, _) = Setup(Options(1), Answers.Json("", 500), Answers.Json(Sample.Completed));
        var first = client.ReadAsync("first");
        Assert.Equal(MJTaskStatus.Completed, (await client.ReadAsync("second")).Status);
        Assert.False(first.IsCompleted);
        await Clock.Drive(first);
    }

    [Fact]
    public async Task A_429_holds_back_also_what_already_waits_for_a_place()
    {
        var all = new TaskCompletionSource();
        var (client, gateway) = Setup(Options(1), Answers.After(all.Task, Answers.Json("", 429)), Answers.Json(Sample.Created));
        var work = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => client.CreateAsync(Sample.Submission)));
        all.SetResult();
        await Clock.Drive(work);
        Assert.Equal(4, gateway.Sent.Length);
        Assert.All(gateway.Sent.Skip(1), s => Assert.True(s.At > Start));
    }

    [Fact]
    public async Task A_create_that_was_throttled_goes_as_soon_as_a_task_ends_and_only_one_for_each()
    {
        var limiter = new RequestLimiter(4, 0, Clock);
        limiter.Open();
        for (var second = 1; second <= 3; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            limiter.Throttled(RequestKind.Create, TimeSpan.FromSeconds(second));
        }
        await Clock.Drive(limiter.EnterAsync(RequestKind.Create, default));
        Assert.InRange(limiter.TimeToTurn(RequestKind.Create), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var waiting = new[] { limiter.EnterAsync(RequestKind.Create, default), limiter.EnterAsync(RequestKind.Create, default) };
        limiter.TaskEnded();
        await await Task.WhenAny(waiting);
        PoolQuiet.Wait();
        Assert.Equal(1, waiting.Count(w => w.IsCompleted));
        await Clock.Drive(Task.WhenAll(waiting));
    }

    [Fact]
    public void A_read_that_creates_crowded_out_is_not_slowed_down_to_the_few_reads_before()
    {
        var limiter = new RequestLimiter(16, 0, Clock);
        Clock.Advance(TimeSpan.FromSeconds(1));
        limiter.Succeeded(RequestKind.Read);
        for (var i = 0; i < 19; i++) limiter.Succeeded(RequestKind.Create);
        limiter.Throttled(RequestKind.Read, TimeSpan.FromSeconds(1));
        Assert.InRange(limiter.StateOf(RequestKind.Read).Rate!.Value, 15, 20);
    }

    [Fact]
    public async Task A_cancelled_wait_gives_its_place_back()
    {
        using var stop = new CancellationTokenSource();
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, ThrottleLimit = 1, MaxRequestsPerSecond = 0.1 }, Answers.Json(Sample.Completed));
        await client.ReadAsync("t");
        var waiting = client.ReadAsync("t", null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Clock.Drive(client.ReadAsync("t"));
        Assert.Equal(2, gateway.Sent.Length);
    }

    private static GatewayOptions Options(int limit) => new() { BaseUri = Sample.BaseUri, ThrottleLimit = limit };
}
