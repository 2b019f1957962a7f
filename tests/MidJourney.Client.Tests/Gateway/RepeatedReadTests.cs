namespace MidJourney.Client.Tests;

public sealed class RepeatedReadTests : ClientTestBase
{
    private static readonly Answer Ok = Answers.Json(Sample.Completed);

    public static TheoryData<string> Passing =>
    [
        "refused", "cut", "timeout before sending", "timeout after sending", "torn", "torn 500", "not json", "empty", "list", "error 200",
        "408", "429", "429 after 2 s", "500", "502", "503", "503 after 2 s", "504", "520",
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_fault_that_may_pass_is_waited_out(string way)
    {
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, RequestTimeout = TimeSpan.FromSeconds(3) }, Way(way), Way(way), Ok);
        var task = await Clock.Drive(client.ReadAsync("d758n65e878c73cmdg20", Notes));
        Assert.Equal(MJTaskStatus.Completed, task.Status);
        Assert.Equal((3, 3, 2, 0), (gateway.Sent.Length, client.Counters.Reads, client.Counters.Repeats, client.Counters.InFlight));
        Assert.Equal(2, Notes.Lines.Length);
    }

    [Theory]
    [InlineData("refused", GatewayErrorKind.ConnectionFailed)]
    [InlineData("cut", GatewayErrorKind.ConnectionFailed)]
    [InlineData("timeout after sending", GatewayErrorKind.RequestTimedOut)]
    [InlineData("torn", GatewayErrorKind.InvalidResponse)]
    [InlineData("not json", GatewayErrorKind.InvalidResponse)]
    [InlineData("429", GatewayErrorKind.RateLimited)]
    [InlineData("502", GatewayErrorKind.ServerError)]
    public async Task A_fault_that_does_not_pass_is_named_in_the_end(string way, GatewayErrorKind kind)
    {
        var (client, _) = Setup(Way(way));
        var error = await Clock.Failure(client.ReadAsync("d758n65e878c73cmdg20"));
        Assert.Equal(kind, error.Kind);
        Assert.Contains("d758n65e878c73cmdg20", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_stalls_halfway_is_given_up_and_read_again()
    {
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, RequestTimeout = TimeSpan.FromSeconds(3) },
            (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new HangingStream("{\"id\":"u8.ToArray())) }), Ok);
        Assert.Equal(MJTaskStatus.Completed, (await Clock.Drive(client.ReadAsync("t"))).Status);
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task One_read_is_one_request_whatever_comes()
    {
        var (client, gateway) = Setup(Answers.Json("", 500), Ok);
        var error = await Assert.ThrowsAsync<GatewayException>(() => client.ReadOnceAsync("t", null, CancellationToken.None));
        Assert.Equal((GatewayErrorKind.ServerError, true), (error.Kind, error.IsTransient));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Cancelled_between_two_tries_it_ends_at_once()
    {
        using var stop = new CancellationTokenSource();
        var (client, gateway) = Setup(Answers.Json("", 429, "100"));
        var read = client.ReadAsync("t", null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Cancelled_while_it_waits_for_its_answer_it_ends_at_once()
    {
        using var stop = new CancellationTokenSource();
        var (client, _) = Setup(Answers.HangAfterSending());
        var read = client.ReadAsync("t", null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(0, client.Counters.InFlight);
    }

    private static Answer Way(string way) => way switch
    {
        "refused" => Answers.NotConnected(),
        "cut" => Answers.CutAfterSending(),
        "timeout before sending" => Answers.HangBeforeSending(),
        "timeout after sending" => Answers.HangAfterSending(),
        "torn" => Answers.Truncated("""{"id":"d758n65e878c73cmdg20","status":"failed","err"""),
        "torn 500" => Answers.Truncated("""{"err""", 500),
        "not json" => Answers.Html("<html><title>Sign in</title></html>", 200),
        "empty" => Answers.Json(""),
        "list" => Answers.Json("[]"),
        "error 200" => Answers.Json("""{"error":{"code":5,"message":"busy"}}"""),
        "429 after 2 s" => Answers.Json("", 429, "2"),
        "503 after 2 s" => Answers.Json("", 503, "2"),
        "502" => Answers.Html("<html><title>502 Bad Gateway</title></html>", 502),
        _ => Answers.Json("", int.Parse(way, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
