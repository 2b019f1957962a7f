namespace MidJourney.Client.Tests;

/// <summary>Refusals that hold for all creates of a batch, and those that do not.</summary>
public sealed class RequestBatchTests : JournalTestBase
{
    [Theory]
    [InlineData(401, "")]
    [InlineData(401, """{"error":{"code":401,"message":"no"}}""")]
    [InlineData(402, "")]
    [InlineData(402, """{"status":{"code":402,"message":"insufficient balance","error_code":40201},"data":null}""")]
    [InlineData(407, "<html>u:p4ss</html>")]
    [InlineData(407, """{"id":"request-9","error":"u:p4ss"}""")]
    [InlineData(400, """{"error":{"code":1,"message":"Insufficient account balance"}}""")]
    [InlineData(200, """{"status":{"code":402,"message":"please pay"},"data":null}""")]
    [InlineData(200, """{"error":{"message":"Your balance is not enough"}}""")]
    public async Task What_refuses_all_is_sent_once(int status, string body)
    {
        var (client, gateway) = SetupWithJournal(Answers.Json(body, status));
        var batch = new RequestBatch();
        var creates = Enumerable.Range(0, 40).Select(n => Try(client, batch, n)).ToArray();
        var outcomes = await Clock.Drive(Task.WhenAll(creates));
        Assert.Single(gateway.Sent);
        Assert.Single(outcomes.OfType<GatewayException>());
        Assert.Equal(39, outcomes.OfType<BatchStoppedException>().Count());
        Assert.NotNull(batch.Refusal);
        Assert.Empty(Listed());
    }

    /// <summary>Some gateways number their answers: what is in doubt for one create is none the less a refusal of the others.</summary>
    [Theory]
    [InlineData(401, """{"id":"request-9","error":"invalid key"}""")]
    [InlineData(402, """{"id":"request-9","message":"insufficient balance"}""")]
    public async Task What_refuses_all_but_names_a_task_is_sent_once_and_in_doubt(int status, string body)
    {
        var (client, gateway) = SetupWithJournal(Answers.Json(body, status));
        var batch = new RequestBatch();
        var outcomes = await Clock.Drive(Task.WhenAll(Enumerable.Range(0, 40).Select(n => Try(client, batch, n))));
        Assert.Single(gateway.Sent);
        var error = Assert.Single(outcomes.OfType<GatewayException>());
        Assert.Equal((GatewayErrorKind.SubmitOutcomeUnknown, "request-9"), (error.Kind, error.ProbableTaskId));
        Assert.Equal(39, outcomes.OfType<BatchStoppedException>().Count());
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Your balance is insufficient."}}""")]
    [InlineData(200, """{"status":{"code":402,"message":"please pay","error_code":40201},"data":null}""")]
    public async Task Words_or_codes_for_an_empty_balance_are_named_as_it(int status, string body)
    {
        var (client, _) = SetupWithJournal(Answers.Json(body, status));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Equal(GatewayErrorKind.InsufficientBalance, error.Kind);
        Assert.DoesNotContain("..", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"error":{"code":8004005003,"message":"invalid image number"}}""")]
    [InlineData(400, """{"error":{"message":"The prompt 'a balance beam' was refused"}}""")]
    [InlineData(402, """{"error":{"message":"Account_Fee_Not_Enough"}}""")]
    [InlineData(402, """{"error":{"message":"CreditNotEnough"}}""")]
    [InlineData(400, """{"error":{"message":"No_More_Relax_Credit: not enough credit"}}""")]
    [InlineData(403, "")]
    [InlineData(403, """{"error":{"message":"insufficient balance"}}""")]
    [InlineData(404, "")]
    [InlineData(500, """{"error":{"message":"insufficient balance"}}""")]
    public async Task What_refuses_one_does_not_stop_the_others(int status, string body)
    {
        var (client, gateway) = SetupWithJournal(Answers.Json(body, status));
        var batch = new RequestBatch();
        var outcomes = await Clock.Drive(Task.WhenAll(Enumerable.Range(0, 5).Select(n => Try(client, batch, n))));
        Assert.Equal(5, outcomes.OfType<GatewayException>().Count());
        Assert.Equal(5, gateway.Sent.Length);
        Assert.Null(batch.Refusal);
    }

    [Fact]
    public async Task What_is_on_its_way_when_the_batch_stops_is_still_answered()
    {
        var go = new TaskCompletionSource();
        // However much virtual time passes while the others write to the disk, the request on its way is not to time out.
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, Journal = NewJournal(), RequestTimeout = TimeSpan.FromDays(1) },
            Accepts("t0"), Answers.After(go.Task, Accepts("t1")), Answers.Json("", 401));
        var batch = new RequestBatch();
        Assert.IsType<MJTask>(await Clock.Drive(Try(client, batch, 0)));
        var onItsWay = Try(client, batch, 1);
        await Clock.DriveUntil(() => gateway.BodiesSent == 2);
        Assert.IsType<GatewayException>(await Clock.Drive(Try(client, batch, 2)));
        Assert.IsType<BatchStoppedException>(await Clock.Drive(Try(client, batch, 3)));
        go.SetResult();
        Assert.Equal("t1", Assert.IsType<MJTask>(await Clock.Drive(onItsWay)).Id);
        Assert.Equal(["t0", "t1"], Listed().Select(t => t.Id).Order());
    }

    [Fact]
    public async Task What_waits_to_be_repeated_is_withdrawn_at_once()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t0"), Answers.Json("", 429, retryAfter: "60"), Answers.Json("", 401));
        var batch = new RequestBatch();
        await Clock.Drive(Try(client, batch, 0));
        var waiting = Try(client, batch, 1);
        await Clock.DriveUntil(() => gateway.Sent.Length == 2);
        batch.Note(new GatewayException(GatewayErrorKind.Unauthorized, "no") { HttpStatus = 401 });
        Assert.IsType<BatchStoppedException>(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(2, gateway.Sent.Length);
        Assert.Equal("t0", Assert.Single(Listed()).Id);
    }

    /// <summary>The task was paid, so it must not be among those that were not submitted.</summary>
    [Fact]
    public async Task What_the_journal_has_is_returned_although_the_batch_has_stopped()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t0"));
        await Clock.Drive(Try(client, new RequestBatch(), 0));
        var batch = new RequestBatch();
        batch.Note(new GatewayException(GatewayErrorKind.JournalUnavailable, "no"));
        Assert.Equal("t0", Assert.IsType<MJTask>(await Clock.Drive(Try(client, batch, 0))).Id);
        Assert.IsType<BatchStoppedException>(await Clock.Drive(Try(client, batch, 1)));
        Assert.Single(gateway.Sent);
    }

    private static async Task<object> Try(GatewayClient client, RequestBatch batch, int number)
    {
        try { return await CreateAsync(client, Sample.Upscale($"j{number}", 0, UpscaleType.Standard), batch: batch); }
        catch (Exception e) when (e is GatewayException or BatchStoppedException) { return e; }
    }
}
