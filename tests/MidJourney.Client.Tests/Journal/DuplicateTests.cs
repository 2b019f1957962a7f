namespace MidJourney.Client.Tests;

/// <summary>What was submitted before is not paid again when that is not wanted.</summary>
public sealed class DuplicateTests : JournalTestBase
{
    [Fact]
    public async Task What_was_created_by_another_process_is_given_instead()
    {
        var (first, _) = SetupWithJournal(Accepts("t1"));
        await first.CreateAsync(Sample.Submission);
        var (second, gateway) = SetupWithJournal(Accepts("t2"));
        var task = await CreateAsync(second, Sample.Submission, Skip);
        Assert.Equal(("t1", "job-1", 2, UpscaleType.Creative), (task.Id, task.SourceJobId, task.SourceImageNo, task.UpscaleType));
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task Unless_it_is_asked_for_everything_is_created()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await client.CreateAsync(Sample.Submission);
        Assert.Equal("t2", (await client.CreateAsync(Sample.Submission)).Id);
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task Another_image_type_job_or_gateway_is_another_thing()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        await CreateAsync(client, Sample.Upscale("job-1", 1, UpscaleType.Creative), Skip);
        await CreateAsync(client, Sample.Upscale("job-1", 2, UpscaleType.Standard), Skip);
        await CreateAsync(client, Sample.Upscale("job-2", 2, UpscaleType.Creative), Skip);
        Assert.Equal(4, gateway.Sent.Length);
        var (elsewhere, other) = Setup(new GatewayOptions { BaseUri = new Uri("https://other.test"), Journal = NewJournal() }, Accepts("t5"));
        await CreateAsync(elsewhere, Sample.Submission, Skip);
        Assert.Single(other.Sent);
    }

    [Fact]
    public async Task Another_callback_makes_no_difference()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        await CreateAsync(client, Sample.Upscale("job-1", 2, UpscaleType.Creative, "https://hook.test"), Skip);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task What_may_have_been_created_is_reported_and_not_sent()
    {
        var (first, _) = SetupWithJournal(Answers.CutAfterSending());
        await Assert.ThrowsAsync<GatewayException>(() => first.CreateAsync(Sample.Submission));
        var (second, gateway) = SetupWithJournal(Accepts("t2"));
        var error = await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(second, Sample.Submission, Skip));
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, error.Kind);
        Assert.Empty(gateway.Sent);
        Assert.Equal("t2", (await CreateAsync(second, Sample.Submission, RetryUnknown)).Id);
        // Now that one is known, that one counts.
        Assert.Equal("t2", (await CreateAsync(second, Sample.Submission, Skip)).Id);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task A_create_of_a_process_that_died_is_in_doubt()
    {
        Append("""{"v":1,"event":"submitting","time":"2024-03-09T15:00:00.000Z","ref":"a","baseUri":"https://gateway.test","model":"midjourney_upscale","params":{"type":1,"imageNo":2,"jobId":"job-1"},"pid":1}""" + "\n");
        var (client, gateway) = SetupWithJournal(Accepts("t2"));
        var error = await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission, Skip));
        Assert.Contains("2024-03-09 15:00:00", error.Message, StringComparison.Ordinal);
        Assert.Empty(gateway.Sent);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("withdrawn")]
    [InlineData("putOff")]
    public async Task What_was_certainly_not_made_is_created(string last)
    {
        const string Create = """ "time":"2024-03-09T15:00:00.000Z","ref":"a","baseUri":"https://gateway.test","model":"midjourney_upscale","params":{"jobId":"job-1","imageNo":2,"type":1}}""";
        Append($"{{\"v\":1,\"event\":\"submitting\",{Create}\n{{\"v\":1,\"event\":\"{last}\",{Create}\n");
        var (client, _) = SetupWithJournal(Accepts("t2"));
        Assert.Equal("t2", (await CreateAsync(client, Sample.Submission, Skip)).Id);
    }

    [Fact]
    public async Task The_same_thing_at_the_same_time_is_created_once()
    {
        var answered = new TaskCompletionSource();
        var (client, gateway) = SetupWithJournal(Answers.After(answered.Task, Accepts("t1")));
        var creates = Enumerable.Range(0, 5).Select(_ => CreateAsync(client, Sample.Submission, Skip)).ToArray();
        await Until(() => gateway.BodiesSent == 1);
        answered.SetResult();
        Assert.All(await Task.WhenAll(creates), task => Assert.Equal("t1", task.Id));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task When_the_first_of_several_is_refused_the_next_one_is_sent()
    {
        var (client, gateway) = SetupWithJournal(Answers.Json("{}", 400), Accepts("t2"));
        var first = CreateAsync(client, Sample.Submission, Skip);
        var second = CreateAsync(client, Sample.Submission, Skip);
        await Assert.ThrowsAsync<GatewayException>(() => Task.WhenAll(first, second));
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task Two_processes_at_the_same_time_create_it_once()
    {
        // Two journals know nothing of each other but what is in the file, as two processes would.
        var (first, one) = SetupWith(NewJournal(), Accepts("t1"));
        var (second, two) = SetupWith(NewJournal(), Accepts("t2"));
        var submissions = Enumerable.Range(0, 100).Select(n => Sample.Upscale($"job-{n}", 0, UpscaleType.Standard)).ToArray();
        var creates = submissions.SelectMany(s => new[] { Try(first, s), Try(second, s) }).ToArray();
        await Task.WhenAll(creates);
        Assert.Equal(100, one.BodiesSent + two.BodiesSent);
    }

    [Fact]
    public async Task Without_a_journal_it_cannot_be_told_and_nothing_is_sent()
    {
        var (client, gateway) = SetupWith(null, Accepts("t1"));
        var error = await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission, Skip));
        Assert.Equal(GatewayErrorKind.JournalUnavailable, error.Kind);
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_stops_everything()
    {
        Directory.CreateDirectory(JournalPath);
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        var error = await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission, Skip));
        Assert.Equal(GatewayErrorKind.JournalUnavailable, error.Kind);
        Assert.Empty(gateway.Sent);
    }

    private static async Task Try(GatewayClient client, MJSubmission submission)
    {
        // The other process may be at it just now, and then it is in doubt.
        try { await CreateAsync(client, submission, Skip); }
        catch (GatewayException e) when (e.Kind == GatewayErrorKind.SubmitOutcomeUnknown) { }
    }
}
