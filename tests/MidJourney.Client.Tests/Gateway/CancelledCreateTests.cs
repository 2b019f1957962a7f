namespace MidJourney.Client.Tests;

public sealed class CancelledCreateTests : ClientTestBase
{
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Cancelled_before_it_begins_nothing_is_sent()
    {
        var (client, gateway) = Setup(Answers.Json(Sample.Created));
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CreateAsync(Sample.Submission, null, _stop.Token));
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task Cancelled_while_it_waits_for_its_turn_nothing_is_sent()
    {
        var first = new TaskCompletionSource();
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, ThrottleLimit = 1 }, Answers.After(first.Task, Answers.Json(Sample.Created)));
        var sent = client.CreateAsync(Sample.Submission);
        var waiting = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Single(gateway.Sent);
        first.SetResult();
        await Clock.Drive(sent);
    }

    [Fact]
    public async Task Cancelled_while_it_connects_its_body_never_leaves()
    {
        var (client, gateway) = Setup(Answers.HangBeforeSending());
        var create = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal((1, 0), (gateway.Sent.Length, gateway.BodiesSent));
    }

    [Fact]
    public async Task Cancelled_before_the_transport_asks_for_the_body_it_is_withdrawn()
    {
        // A transport that does not look at the token before it writes.
        var connected = new TaskCompletionSource();
        var answer = Answers.Json(Sample.Created);
        var (client, gateway) = Setup(async (request, _) =>
        {
            await connected.Task;
            return await answer(request, CancellationToken.None);
        });
        var create = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await _stop.CancelAsync();
        connected.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal(0, gateway.BodiesSent);
    }

    [Fact]
    public async Task Cancelled_between_two_tries_it_ends_at_once()
    {
        var (client, gateway) = Setup(Answers.Json("{}", 429, "100"));
        var create = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Cancelled_after_the_body_has_left_the_answer_still_arrives()
    {
        var answered = new TaskCompletionSource();
        var (client, _) = Setup(Answers.After(answered.Task, Answers.Json(Sample.Created)));
        var create = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await _stop.CancelAsync();
        PoolQuiet.Wait();
        Assert.False(create.IsCompleted);
        answered.SetResult();
        Assert.Equal("d758n65e878c73cmdg20", (await create).Id);
    }

    [Fact]
    public async Task Cancelled_after_the_body_has_left_it_is_given_up_before_the_request_timeout()
    {
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, RequestTimeout = TimeSpan.FromHours(1) }, Answers.HangAfterSending());
        var create = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await _stop.CancelAsync();
        await Assert.ThrowsAsync<GatewayException>(() => Clock.Drive(create, most: TimeSpan.FromMinutes(2)));
        var error = await Assert.ThrowsAsync<GatewayException>(() => create);
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, error.Kind);
        Assert.Single(gateway.Sent);
    }

    protected override void Dispose(bool disposing)
    {
        _stop.Dispose();
        base.Dispose(disposing);
    }
}
