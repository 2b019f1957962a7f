namespace MidJourney.Client.Tests;

public sealed class RateCapTests : ClientTestBase
{
    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(7, 30)]
    [InlineData(10, 30)]
    [InlineData(250, 700)]
    public async Task The_cap_holds_over_every_second(double rate, int requests)
    {
        var (client, gateway) = Setup(Options(rate), Answers.Json(Sample.Completed));
        var work = Task.WhenAll(Enumerable.Range(0, requests).Select(i => client.ReadAsync($"t{i}")));
        await Clock.Drive(work, TimeSpan.FromMilliseconds(rate < 1 ? 50 : 5));
        var times = gateway.Sent.Select(s => s.At).Order().ToArray();
        Assert.Equal(requests, times.Length);
        for (int first = 0, last = 0; last < times.Length; last++)
        {
            while (times[last] - times[first] >= TimeSpan.FromSeconds(1)) first++;
            Assert.InRange(last - first + 1, 1, Math.Max(1, rate));
        }
    }

    [Fact]
    public async Task A_cap_below_one_holds_over_its_longer_stretch()
    {
        var (client, gateway) = Setup(Options(0.5), Answers.Json(Sample.Completed));
        await Clock.Drive(Task.WhenAll(Enumerable.Range(0, 4).Select(i => client.ReadAsync($"t{i}"))));
        var times = gateway.Sent.Select(s => s.At).Order().ToArray();
        Assert.All(times.Zip(times.Skip(1), (a, b) => b - a), gap => Assert.True(gap >= TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(250)]
    public void The_cap_can_nearly_be_reached(double rate)
    {
        var window = new RateCap(rate);
        var passed = 0;
        for (var now = TimeSpan.Zero; now < TimeSpan.FromSeconds(10); now += TimeSpan.FromMilliseconds(1))
            while (window.TryPass(now) == TimeSpan.Zero) passed++;
        Assert.InRange(passed, rate * 10 * 0.95, rate * 10 + rate / 10 + 1);
    }

    [Fact]
    public void What_is_sent_later_than_it_was_let_through_counts_from_then()
    {
        var cap = new RateCap(1);
        Assert.Equal(TimeSpan.Zero, cap.TryPass(TimeSpan.Zero));
        Assert.True(cap.TryMove(TimeSpan.Zero, TimeSpan.FromSeconds(0.5)));
        Assert.True(cap.TryPass(TimeSpan.FromSeconds(1.5)) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, cap.TryPass(TimeSpan.FromSeconds(1.6)));
    }

    [Fact]
    public void What_was_held_up_while_others_passed_must_pass_again()
    {
        var cap = new RateCap(1);
        Assert.Equal(TimeSpan.Zero, cap.TryPass(TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, cap.TryPass(TimeSpan.FromSeconds(2)));
        Assert.False(cap.TryMove(TimeSpan.Zero, TimeSpan.FromSeconds(2.5)));
        Assert.True(cap.TryPass(TimeSpan.FromSeconds(2.5)) > TimeSpan.Zero);
    }

    [Fact]
    public async Task Without_a_cap_nothing_waits()
    {
        var (client, gateway) = Setup(Options(0), Answers.Json(Sample.Completed));
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => client.ReadAsync($"t{i}")));
        Assert.All(gateway.Sent, s => Assert.Equal(Start, s.At));
    }

    private static GatewayOptions Options(double rate) => new() { BaseUri = Sample.BaseUri, MaxRequestsPerSecond = rate, ThrottleLimit = 1000 };
}
