namespace MidJourney.Client.Tests;

/// <summary>The free read that tests a session: one request, whatever comes, and what its answer is taken for.</summary>
public sealed class ProbeTests : ClientTestBase
{
    private const string NotFound = """{"error":{"code":404,"message":"task not found"}}""";

    [Theory]
    [InlineData(404, NotFound, "KeyAccepted")]
    [InlineData(404, """{"detail":"Not Found"}""", "KeyAccepted")]
    [InlineData(200, """{"status":{"code":404,"message":"no task"},"data":null}""", "KeyAccepted")]
    [InlineData(404, """{"error":{"code":401,"message":"bad key"}}""", "KeyRefused")]
    [InlineData(200, """{"code":401,"message":"bad key"}""", "KeyRefused")]
    [InlineData(401, """{"message":"bad key"}""", "KeyRefused")]
    [InlineData(402, "{}", "KeyRefused")]
    [InlineData(400, """{"message":"bad id"}""", "KeyUnclear")]
    [InlineData(200, """{"code":500,"message":"later"}""", "KeyUnclear")]
    [InlineData(200, """{"id":"t","status":"completed"}""", "NotTheGateway")]
    [InlineData(200, "{}", "NotTheGateway")]
    [InlineData(204, "", "NotTheGateway")]
    [InlineData(404, "[]", "NotTheGateway")]
    [InlineData(404, "null", "NotTheGateway")]
    [InlineData(404, "", "NotTheGateway")]
    [InlineData(401, "unauthorized", "NotTheGateway")]
    [InlineData(404, "<!doctype html><script>{\"error\":1}</script>", "NotTheGateway")]
    [InlineData(503, NotFound, "Failing")]
    [InlineData(407, "", "ProxyRefused")]
    [InlineData(307, NotFound, "Redirected")]
    public async Task An_answer_is_taken_for_what_it_is(int status, string body, string outcome)
    {
        var (client, gateway) = Setup(Answers.Json(body, status, retryAfter: "1"));
        var probe = await Clock.Drive(client.ProbeAsync(true, Notes, CancellationToken.None));
        Assert.Equal(outcome, probe.Outcome.ToString());
        Assert.DoesNotContain('\n', probe.Cause);
        Assert.Equal((1, 1, 0, 0), (gateway.Sent.Length, client.Counters.Reads, client.Counters.Repeats, client.Counters.InFlight));
    }

    [Theory]
    [InlineData("refused", "NotConnected")]
    [InlineData("cut", "NotConnected")]
    [InlineData("torn", "NotConnected")]
    [InlineData("hangs", "TimedOut")]
    public async Task No_answer_is_no_exception_and_frees_its_slot(string way, string outcome)
    {
        Answer answer = way switch { "refused" => Answers.NotConnected(), "cut" => Answers.CutAfterSending(), "torn" => Answers.Truncated("{", 404), _ => Answers.HangAfterSending() };
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, RequestTimeout = TimeSpan.FromSeconds(3), ThrottleLimit = 1 }, answer);
        for (var n = 1; n <= 2; n++)
        {
            var probe = await Clock.Drive(client.ProbeAsync(true, null, CancellationToken.None));
            Assert.Equal((outcome, n, null), (probe.Outcome.ToString(), gateway.Sent.Length, probe.ClockAhead));
        }
    }

    [Fact]
    public async Task A_name_that_is_unknown_is_told_from_a_port_that_nobody_serves()
    {
        var (client, _) = Setup((_, _) => throw new HttpRequestException("No such host is known.", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound)));
        Assert.Equal(ProbeOutcome.NameUnknown, (await client.ProbeAsync(true, null, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task Cancelling_ends_it_at_once()
    {
        var (client, gateway) = Setup(Answers.HangAfterSending());
        using var stop = new CancellationTokenSource();
        var probing = client.ProbeAsync(true, null, stop.Token);
        await Clock.DriveUntil(() => gateway.Sent.Length == 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing);
    }

    [Fact]
    public async Task The_task_is_another_one_each_time_from_before_there_were_any()
    {
        var (client, gateway) = Setup(Answers.Json(NotFound, 404));
        for (var n = 0; n < 50; n++) await client.ProbeAsync(true, null, CancellationToken.None);
        Assert.All(gateway.Sent, sent => Assert.Matches("^https://gateway\\.test/model/v1/generation/task/0000000[0-9a-v]{12}[0g]$", sent.Uri.AbsoluteUri));
        Assert.Equal(50, gateway.Sent.Select(sent => sent.Uri).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_key_is_sent_only_where_it_is_wanted(bool withKey)
    {
        var (client, gateway) = Setup(Answers.Json(NotFound, 404));
        await client.ProbeAsync(withKey, null, CancellationToken.None);
        Assert.Equal(withKey ? "Bearer " + Sample.Key : null, gateway.Sent[0].Authorization);
    }

    [Fact]
    public async Task A_refused_key_is_not_sent_by_the_reads_that_wait_for_it()
    {
        var go = new TaskCompletionSource();
        var (client, gateway) = Setup(Answers.After(go.Task, Answers.Json("""{"message":"bad key"}""", 401)));
        var probing = client.ProbeAsync(true, null, CancellationToken.None);
        var reading = client.ReadAsync("t");
        await Clock.DriveUntil(() => gateway.Sent.Length == 1);
        go.SetResult();
        Assert.Equal(ProbeOutcome.KeyRefused, (await Clock.Drive(probing)).Outcome);
        Assert.Equal(GatewayErrorKind.Unauthorized, (await Clock.Failure(reading)).Kind);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task An_accepted_key_lets_requests_go_side_by_side()
    {
        var go = new TaskCompletionSource();
        var (client, gateway) = Setup(Answers.Json(NotFound, 404), Answers.After(go.Task, Answers.Json(Sample.Completed)));
        await client.ProbeAsync(true, null, CancellationToken.None);
        var reads = Enumerable.Range(0, 4).Select(n => client.ReadAsync($"t{n}")).ToArray();
        await Clock.DriveUntil(() => gateway.MostInFlight == 4);
        go.SetResult();
        await Clock.Drive(Task.WhenAll(reads));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-20, 0)] // made when the request was sent, and 20 s on its way
    [InlineData(-90, 69)] // a second less: the header has no parts of one
    [InlineData(90, -90)]
    public async Task The_clocks_are_compared_for_as_long_as_the_request_takes(int date, int ahead)
    {
        var go = new TaskCompletionSource();
        var (client, _) = Setup(Answers.After(go.Task, Answers.Json(NotFound, 404, date: Start.AddSeconds(20 + date))));
        var probing = client.ProbeAsync(true, null, CancellationToken.None);
        await Clock.Pass(TimeSpan.FromSeconds(20));
        go.SetResult();
        Assert.Equal(TimeSpan.FromSeconds(ahead), (await Clock.Drive(probing)).ClockAhead);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("")]
    [InlineData("1710000000")]
    [InlineData("Mon, 09 Mar 2024 16:00:00 GMT")] // it was a Saturday
    [InlineData("Sat, 09 Mar 2024 16:00:00 GMT", "Sat, 09 Mar 2024 17:00:00 GMT")]
    public void A_date_that_is_none_tells_no_time(params string[] dates)
    {
        using var response = new HttpResponseMessage();
        foreach (var date in dates) response.Headers.TryAddWithoutValidation("Date", date);
        Assert.Null(ClockDifference.DateOf(response.Headers));
    }

    [Fact]
    public async Task What_comes_is_shown_without_the_key_and_on_one_line()
    {
        var (client, _) = Setup(Answers.Html($"<title>no\u001b[2J {Sample.Key}\n</title>", 404), Answers.Json($$"""{"error":"\u001b[2J {{Sample.Key}}"}""", 401), Answers.Redirect($"https://{Sample.Key[..12]}.test/{Sample.Key}"));
        foreach (var outcome in new[] { ProbeOutcome.NotTheGateway, ProbeOutcome.KeyRefused, ProbeOutcome.Redirected })
        {
            var probe = await client.ProbeAsync(true, null, CancellationToken.None);
            Assert.Equal(outcome, probe.Outcome);
            Assert.DoesNotContain("SECRET", probe.Cause, StringComparison.OrdinalIgnoreCase);
            Assert.True(SafeText.IsPrintable(probe.Cause));
        }
    }
}
