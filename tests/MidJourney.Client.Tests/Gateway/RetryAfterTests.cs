namespace MidJourney.Client.Tests;

public sealed class RetryAfterTests : ClientTestBase
{
    [Theory]
    [InlineData("2", 2)]
    [InlineData("90", 90)]
    [InlineData("1.5", 1.5)]
    [InlineData(" 4 ", 4)]
    public async Task Seconds_are_waited_for(string value, double seconds) => await AssertWaits(Answers.Json("{}", 429, value), seconds, seconds + 60);

    [Fact]
    public async Task A_date_is_waited_for() =>
        await AssertWaits(Answers.Json("{}", 429, Http(Start.AddSeconds(20))), 20, 80);

    [Theory]
    [InlineData(-86400)]
    [InlineData(-30)]
    [InlineData(86400)]
    public async Task A_date_is_taken_by_the_gateways_own_clock(int skew)
    {
        var theirs = Start.AddSeconds(skew);
        await AssertWaits(Answers.Json("{}", 429, Http(theirs.AddSeconds(20)), theirs), 20, 80);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("1e3")]
    [InlineData("5 s")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("Fri, 08 Mar 2024 16:00:00 GMT")]
    public async Task What_makes_no_sense_or_is_over_does_not_hold_it_up(string value) => await AssertWaits(Answers.Json("{}", 429, value), 0, 60);

    [Theory]
    [InlineData("2")]
    [InlineData("Sat, 09 Mar 2024 16:00:20 GMT")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_503_is_not_repeated_whatever_its_retry_after(string? value)
    {
        var (client, gateway) = Setup(Answers.Json("{}", 503, value), Answers.Json(Sample.Created));
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Clock.Failure(client.CreateAsync(Sample.Submission))).Kind);
        Assert.Single(gateway.Sent);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("Fri, 08 Mar 2024 16:00:00 GMT")]
    public async Task A_retry_after_of_nothing_still_backs_off(string value)
    {
        var putOff = Answers.Json("{}", 429, value);
        var (client, gateway) = Setup(putOff, putOff, putOff, Answers.Json(Sample.Created));
        await Clock.Drive(client.CreateAsync(Sample.Submission));
        Assert.True(At(gateway, 3) > TimeSpan.FromSeconds(1));
    }

    private static string Http(DateTimeOffset time) => time.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private async Task AssertWaits(Answer putOff, double atLeast, double atMost)
    {
        var (client, gateway) = Setup(putOff, Answers.Json(Sample.Created));
        await Clock.Drive(client.CreateAsync(Sample.Submission));
        Assert.Equal(2, gateway.Sent.Length);
        Assert.InRange(At(gateway, 1).TotalSeconds, atLeast, atMost);
    }
}
