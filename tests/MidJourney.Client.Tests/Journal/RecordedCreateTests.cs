namespace MidJourney.Client.Tests;

/// <summary>What a create records in the journal, whatever its outcome.</summary>
public sealed class RecordedCreateTests : JournalTestBase
{
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Create_is_recorded_before_it_is_sent()
    {
        var textAtSending = "";
        var accept = Accepts("t1");
        var (client, _) = SetupWithJournal((request, ended) =>
        {
            textAtSending = Text;
            return accept(request, ended);
        });
        await client.CreateAsync(Sample.Submission);
        Assert.Contains("\"event\":\"submitting\"", textAtSending, StringComparison.Ordinal);
        Assert.DoesNotContain("created", textAtSending, StringComparison.Ordinal);
        Assert.Equal(["submitting", "created"], Events);
    }

    [Fact]
    public async Task Lines_give_other_tools_the_parameters_and_the_task()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        var (begun, made) = (Lines()[1], Lines()[2]);
        Assert.Equal(begun.GetProperty("ref").GetString(), made.GetProperty("ref").GetString());
        Assert.Equal("t1", made.GetProperty("taskId").GetString());
        Assert.All([begun, made], line =>
        {
            Assert.Equal(2, line.GetProperty("v").GetInt32());
            Assert.Equal("https://gateway.test", line.GetProperty("baseUri").GetString());
            Assert.Equal("midjourney_upscale", line.GetProperty("model").GetString());
            Assert.Equal("""{"jobId":"job-1","imageNo":2,"type":1}""", line.GetProperty("params").GetRawText());
            Assert.Equal(Clock.GetUtcNow(), line.GetProperty("time").GetDateTimeOffset());
        });
    }

    [Fact]
    public async Task Callback_and_key_are_never_written()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Upscale("job of " + Sample.Key, 0, UpscaleType.Standard, "https://hook.test/?token=abc"));
        Assert.Equal(["submitting", "created"], Events);
        Assert.DoesNotContain(Sample.Key, Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hook.test", Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Refused_create_is_recorded_as_refused(int status)
    {
        var (client, _) = SetupWithJournal(Answers.Json("""{"error":{"code":8004005003,"message":"no such image"}}""", status));
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Submission));
        Assert.Equal(["submitting", "refused"], Events);
        Assert.Equal("8004005003", Lines()[2].GetProperty("code").GetString());
        Assert.Empty(Listed());
    }

    [Fact]
    public async Task Create_with_lost_answer_is_listed_as_unknown()
    {
        var (client, _) = SetupWithJournal(Answers.CutAfterSending());
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Submission));
        Assert.Equal(["submitting", "unknown"], Events);
        Assert.Equal("MJ.SubmitOutcomeUnknown", Lines()[2].GetProperty("error").GetString());
        var task = Assert.Single(Listed());
        Assert.Equal((MJTaskStatus.OutcomeUnknown, "", "job-1", 2, UpscaleType.Creative), (task.Status, task.Id, task.SourceJobId, task.SourceImageNo, task.UpscaleType));
    }

    [Fact]
    public async Task Task_id_in_a_partial_response_is_kept()
    {
        var (client, _) = SetupWithJournal(Answers.Truncated("""{"id":"t9","sta"""));
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Submission));
        var task = Assert.Single(Listed());
        Assert.Equal(("t9", MJTaskStatus.OutcomeUnknown), (task.Id, task.Status));
    }

    /// <summary>Otherwise another process would submit the same work meanwhile.</summary>
    [Fact]
    public async Task Claim_of_a_throttled_create_stands_and_is_written_before_each_retry()
    {
        List<string[]> eventsAtSending = [];
        var (client, _) = SetupWithJournal(Noted(Answers.NotConnected()), Noted(Answers.Json("{}", 429, retryAfter: "30")), Noted(Accepts("t1")));
        await Clock.Drive(CreateAsync(client, Sample.Submission));
        Assert.Equal([["submitting"], ["submitting", "submitting"], ["submitting", "submitting", "submitting"]], eventsAtSending);
        Assert.Equal("t1", Assert.Single(Listed()).Id);

        Answer Noted(Answer answer) => (request, ended) =>
        {
            eventsAtSending.Add(Events);
            return answer(request, ended);
        };
    }

    [Fact]
    public async Task Create_given_up_after_429_is_not_unknown()
    {
        var (client, _) = SetupWithJournal(Answers.Json("{}", 429, retryAfter: "500"));
        Assert.Equal(GatewayErrorKind.RateLimited, (await Clock.Failure(CreateAsync(client, Sample.Submission))).Kind);
        Assert.Equal(["submitting", "refused"], Events);
        Assert.Empty(Listed());
    }

    [Fact]
    public async Task Create_cancelled_before_it_is_sent_is_withdrawn()
    {
        var (client, gateway) = SetupWithJournal(Answers.HangBeforeSending());
        var create = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await Until(() => gateway.Sent.Length == 1);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal(["submitting", "withdrawn"], Events);
        Assert.Empty(Listed());
    }

    [Fact]
    public async Task Answer_after_cancellation_is_still_recorded()
    {
        var answered = new TaskCompletionSource();
        var (client, gateway) = SetupWithJournal(Answers.After(answered.Task, Accepts("t1")));
        var create = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await Until(() => gateway.BodiesSent == 1);
        await _stop.CancelAsync();
        answered.SetResult();
        await create;
        Assert.Equal(["submitting", "created"], Events);
    }

    [Fact]
    public async Task Create_without_answer_after_cancellation_is_unknown()
    {
        var (client, gateway) = SetupWithJournal(Answers.HangAfterSending());
        var create = client.CreateAsync(Sample.Submission, null, _stop.Token);
        await Until(() => gateway.BodiesSent == 1);
        await _stop.CancelAsync();
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Clock.Failure(create)).Kind);
        Assert.Equal(["submitting", "unknown"], Events);
    }

    protected override void Dispose(bool disposing)
    {
        _stop.Dispose();
        base.Dispose(disposing);
    }
}
