namespace MidJourney.Client.Tests;

public sealed class ReadEdgeTests : ClientTestBase
{
    [Fact]
    public async Task Cancelled_in_the_middle_of_an_answer_one_read_ends_as_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var (client, _) = Setup((_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new HangingStream("{\"id\":"u8.ToArray())) }));
        var read = client.ReadOnceAsync("t", null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Clock.Drive(read));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public async Task Dots_alone_do_not_climb_out_of_the_path(string id)
    {
        var (client, gateway) = Setup(Answers.Json(Sample.Completed));
        _ = await Record.ExceptionAsync(() => Clock.Drive(client.ReadAsync(id)));
        Assert.All(gateway.Sent, s => Assert.Matches("/generation/task/.+", s.Uri.AbsolutePath));
    }

    [Theory]
    [InlineData(25, 80)]
    [InlineData(33, 100)]
    [InlineData(99, 300)]
    public async Task The_cap_holds_over_every_second_for_every_rate(double rate, int requests)
    {
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, MaxRequestsPerSecond = rate, ThrottleLimit = 1000 }, Answers.Json(Sample.Completed));
        await Clock.Drive(Task.WhenAll(Enumerable.Range(0, requests).Select(i => client.ReadAsync($"t{i}"))), TimeSpan.FromMilliseconds(5));
        var times = gateway.Sent.Select(s => s.At).Order().ToArray();
        Assert.All(times, from => Assert.InRange(times.Count(t => t >= from && t < from.AddSeconds(1)), 1, rate));
    }
}
