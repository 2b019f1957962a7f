namespace MidJourney.Client.Tests;

/// <summary>Until a session knows that its key is accepted, one request at a time is in flight.</summary>
public sealed class FirstResponseTests : ClientTestBase
{
    [Fact]
    public async Task One_request_is_in_flight_until_the_first_answer()
    {
        var first = new TaskCompletionSource();
        var (client, gateway) = Setup(Answers.After(first.Task, Answers.Json(Sample.Created)), Answers.HangAfterSending());
        using var stop = new CancellationTokenSource();
        var creates = Enumerable.Range(0, 10).Select(n => client.CreateAsync(Sample.Upscale($"j{n}", 0, UpscaleType.Standard), cancellationToken: stop.Token)).ToArray();
        await Clock.DriveUntil(() => gateway.Sent.Length == 1);
        await Clock.Pass(TimeSpan.FromSeconds(2));
        Assert.Single(gateway.Sent);
        first.SetResult();
        await Clock.DriveUntil(() => gateway.Sent.Length == 10);
        stop.Cancel();
        await Clock.Drive(Task.WhenAll(creates.Select(c => c.ContinueWith(static _ => { }, TaskScheduler.Default))));
    }

    [Theory]
    [InlineData(401, GatewayErrorKind.Unauthorized)]
    [InlineData(407, GatewayErrorKind.ProxyAuthenticationRequired)]
    public async Task Reads_that_wait_for_a_first_answer_share_its_refusal(int status, GatewayErrorKind kind)
    {
        var (client, gateway) = Setup(async (request, ended) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Clock, ended);
            return await Answers.Json("", status)(request, ended);
        });
        var reads = Enumerable.Range(0, 50).Select(n => client.ReadAsync($"t{n}")).ToArray();
        foreach (var read in reads) Assert.Equal(kind, (await Clock.Failure(read)).Kind);
        Assert.Single(gateway.Sent);
        // The next ones ask again: the user may have been let in meanwhile.
        await Clock.Failure(client.ReadAsync("later"));
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task A_first_request_without_an_answer_does_not_hold_the_others_back_for_ever()
    {
        var (client, gateway) = Setup(Answers.NotConnected(), Answers.HangAfterSending());
        using var stop = new CancellationTokenSource();
        var creates = Enumerable.Range(0, 5).Select(n => client.CreateAsync(Sample.Upscale($"j{n}", 0, UpscaleType.Standard), cancellationToken: stop.Token)).ToArray();
        await Clock.DriveUntil(() => gateway.Sent.Length == 6);
        Assert.Equal(5, gateway.MostInFlight);
        stop.Cancel();
        await Clock.Drive(Task.WhenAll(creates.Select(c => c.ContinueWith(static _ => { }, TaskScheduler.Default))));
    }
}
