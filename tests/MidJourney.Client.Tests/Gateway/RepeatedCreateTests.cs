namespace MidJourney.Client.Tests;

/// <summary>A create is sent again only when it certainly was not accepted.</summary>
public sealed class RepeatedCreateTests : ClientTestBase
{
    private static readonly Answer Ok = Answers.Json(Sample.Created);

    public static TheoryData<string> Certain => ["refused", "hung before sending", "429", "429 after 2 s", "429 after 0 s"];

    [Theory]
    [MemberData(nameof(Certain))]
    public async Task What_was_certainly_not_accepted_is_sent_again(string way)
    {
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, RequestTimeout = TimeSpan.FromSeconds(5) }, Way(way), Ok);
        var task = await Clock.Drive(client.CreateAsync(Sample.Submission, Notes));
        Assert.Equal("d758n65e878c73cmdg20", task.Id);
        Assert.Equal(2, gateway.Sent.Length);
        Assert.Equal((2, 1, 1), (client.Counters.Creates, client.Counters.Repeats, client.Counters.Accepted));
        Assert.Contains("job job-1, image 2, type Creative", Assert.Single(Notes.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_is_given_up_and_nothing_was_sent()
    {
        var (client, gateway) = Setup(Answers.NotConnected());
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Equal(GatewayErrorKind.ConnectionFailed, error.Kind);
        Assert.InRange(gateway.Sent.Length, 2, 5);
        Assert.Equal(0, gateway.BodiesSent);
        Assert.Contains("was not submitted", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://gateway.test", error.Message, StringComparison.Ordinal);
        Assert.True(Clock.GetUtcNow() - Start <= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task An_outage_is_outlasted_once_there_was_an_answer()
    {
        var isDown = false;
        var (client, gateway) = Setup((request, ended) => (isDown ? Answers.NotConnected() : Ok)(request, ended));
        await Clock.Drive(client.CreateAsync(Sample.Submission));
        isDown = true;
        var creates = Enumerable.Range(0, 30).Select(n => client.CreateAsync(Sample.Upscale($"j{n}", 0, UpscaleType.Standard))).ToArray();
        await Clock.Pass(TimeSpan.FromSeconds(270), TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(creates, c => c.IsCompleted);
        // Each comes again a few times, then about every 15 s.
        Assert.InRange(gateway.Sent.Length, 30 * 15, 30 * 35);
        isDown = false;
        Assert.Equal(30, (await Clock.Drive(Task.WhenAll(creates))).Select(t => t.Id).Distinct().Count());
        Assert.Equal(31, gateway.BodiesSent);
    }

    [Theory]
    [InlineData("refused", 60, 40, 60)]
    [InlineData("hung before sending", 60, 40, 70)]
    [InlineData("refused", 0, 5, 15)]
    [InlineData("untrusted", 60, 5, 15)]
    public async Task An_outage_that_does_not_end_is_given_up(string way, int retrySeconds, int least, int most)
    {
        var (client, gateway) = Setup(Options(retrySeconds) with { RequestTimeout = TimeSpan.FromSeconds(5) }, Answers.Json("", 503), Way(way));
        // Any answer shows that the address is right.
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Clock.Failure(client.CreateAsync(Sample.Submission))).Kind);
        var since = Clock.GetUtcNow();
        Assert.Equal(GatewayErrorKind.ConnectionFailed, (await Clock.Failure(client.CreateAsync(Sample.Upscale("j", 0, UpscaleType.Standard)))).Kind);
        Assert.InRange(Clock.GetUtcNow() - since, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
        Assert.Equal(1, gateway.BodiesSent);
    }

    [Fact]
    public async Task A_connection_that_takes_longer_than_the_request_timeout_sent_nothing()
    {
        var (client, gateway) = Setup(Answers.HangBeforeSending());
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Equal(GatewayErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains("was not submitted: no response within 30 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, gateway.BodiesSent);
    }

    [Fact]
    public async Task A_refused_connection_is_tried_again_later_each_time()
    {
        var (client, gateway) = Setup(Answers.NotConnected(), Answers.NotConnected(), Answers.NotConnected(), Ok);
        await Clock.Drive(client.CreateAsync(Sample.Submission));
        Assert.True(At(gateway, 1) >= TimeSpan.FromSeconds(0.375));
        Assert.True(At(gateway, 2) - At(gateway, 1) >= TimeSpan.FromSeconds(0.75));
        Assert.True(At(gateway, 3) - At(gateway, 2) >= TimeSpan.FromSeconds(1.5));
        Assert.Equal(1, gateway.BodiesSent);
    }

    [Fact]
    public async Task Being_put_off_is_given_up_after_the_retry_timeout_when_nothing_gets_through()
    {
        var (client, gateway) = Setup(Options(60), Answers.Json("{}", 429));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Equal((GatewayErrorKind.RateLimited, 429), (error.Kind, error.HttpStatus));
        Assert.Contains("; job job-1, image 2, type Creative was not submitted.", error.Message, StringComparison.Ordinal);
        Assert.InRange(Clock.GetUtcNow() - Start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(100));
        Assert.True(gateway.Sent.Length >= 3);
    }

    [Fact]
    public async Task A_pause_longer_than_the_retry_timeout_is_not_waited_for()
    {
        var (client, gateway) = Setup(Options(60), Answers.Json("{}", 429, "3600"));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Equal((GatewayErrorKind.RateLimited, TimeSpan.FromHours(1)), (error.Kind, error.RetryAfter));
        Assert.Contains("3600 s", error.Message, StringComparison.Ordinal);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Being_put_off_is_not_given_up_while_other_requests_get_through()
    {
        var putOff = Answers.Json("{}", 429);
        var isOpen = false;
        var (client, _) = Setup(Options(60), (request, ended) =>
            (request.Method == HttpMethod.Get ? Answers.Json(Sample.Completed) : isOpen ? Ok : putOff)(request, ended));
        var create = client.CreateAsync(Sample.Submission);
        for (var i = 0; i < 30; i++)
        {
            await Clock.Pass(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.5));
            await client.ReadAsync("t");
        }
        Assert.False(create.IsCompleted);
        isOpen = true;
        Assert.Equal("d758n65e878c73cmdg20", (await Clock.Drive(create)).Id);
    }

    [Fact]
    public async Task An_outage_is_one_for_all_creates_of_a_batch_and_begins_with_the_batch()
    {
        var (client, _) = Setup(Options(60), Ok, Answers.NotConnected());
        var batch = new RequestBatch();
        await Clock.Drive(CreateAsync("first", batch));
        await Clock.Failure(CreateAsync("second", batch));
        // The last wait was not begun, because the outage would have outlasted its limit.
        await Clock.Pass(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(0.5));
        var since = Clock.GetUtcNow();
        await Clock.Failure(CreateAsync("third", batch));
        Assert.True(Clock.GetUtcNow() - since <= TimeSpan.FromSeconds(15));
        since = Clock.GetUtcNow();
        await Clock.Failure(CreateAsync("fourth", new RequestBatch()));
        Assert.True(Clock.GetUtcNow() - since >= TimeSpan.FromSeconds(40));

        Task<MJTask> CreateAsync(string job, RequestBatch of) => client.CreateAsync(Sample.Upscale(job, 0, UpscaleType.Standard), null, of, null, CancellationToken.None);
    }

    private static GatewayOptions Options(int retrySeconds) =>
        new() { BaseUri = Sample.BaseUri, RetryTimeout = TimeSpan.FromSeconds(retrySeconds) };

    private static Answer Way(string way) => way switch
    {
        "refused" => Answers.NotConnected(),
        "untrusted" => (_, _) => throw new HttpRequestException("The SSL connection could not be established.", new System.Security.Authentication.AuthenticationException("The remote certificate is invalid.")),
        "hung before sending" => Answers.HangBeforeSending(),
        "429" => Answers.Json("""{"message":"slow down"}""", 429),
        "429 after 2 s" => Answers.Json("{}", 429, "2"),
        _ => Answers.Json("{}", 429, "0"),
    };
}
