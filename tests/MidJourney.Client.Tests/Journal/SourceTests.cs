namespace MidJourney.Client.Tests;

/// <summary>The source of a job is recorded with the create, and is not sent.</summary>
public sealed class SourceTests : JournalTestBase
{
    private static readonly MJSubmission WithSource = Sample.Submission with { SourceTaskId = "t0", SourcePrompt = "a harbour\n--ar 16:9" };

    [Fact]
    public async Task Source_is_in_the_task_and_in_the_journal()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        var task = await client.CreateAsync(WithSource);
        Assert.Equal(("t0", "a harbour\n--ar 16:9"), (task.SourceTaskId, task.SourcePrompt));
        var listed = Assert.Single(Listed());
        Assert.Equal(("t0", "a harbour\n--ar 16:9"), (listed.SourceTaskId, listed.SourcePrompt));
        Assert.Equal("""{"taskId":"t0","prompt":"a harbour\n--ar 16:9"}""", Lines()[2].GetProperty("source").GetRawText());
    }

    [Fact]
    public async Task Source_is_never_sent_and_does_not_change_the_work()
    {
        var (first, gateway) = SetupWithJournal(Accepts("t1"));
        await first.CreateAsync(WithSource);
        Assert.Equal("""{"model":"midjourney_upscale","input":[{"params":{"jobId":"job-1","imageNo":2,"type":1}}]}""", System.Text.Encoding.UTF8.GetString(gateway.Sent[0].Body!));
        var (second, other) = SetupWithJournal(Accepts("t2"));
        var task = await CreateAsync(second, Sample.Submission, Skip);
        Assert.Equal(("t1", "t0"), (task.Id, task.SourceTaskId));
        Assert.Empty(other.Sent);
    }

    [Fact]
    public async Task Returned_task_without_recorded_source_takes_it_from_the_skipped_create()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        var task = await CreateAsync(client, WithSource, Skip);
        Assert.Equal(("t1", "t0", WithSource.SourcePrompt), (task.Id, task.SourceTaskId, task.SourcePrompt));
    }

    [Fact]
    public async Task Source_survives_a_lost_answer_and_compaction()
    {
        var journal = NewJournal(maxBytes: 1);
        var (client, _) = SetupWith(journal, Answers.CutAfterSending(), Accepts("t2"));
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(WithSource));
        var other = WithSource with { SourceTaskId = "t00", Parameters = Sample.Upscale("job-2", 0, UpscaleType.Standard).Parameters };
        await journal.RecordEndedAsync(await client.CreateAsync(other) with { Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
        Assert.Equal(["t0", "t00"], Listed().Select(t => t.SourceTaskId).Order());
        Assert.All(Listed(), t => Assert.Equal(WithSource.SourcePrompt, t.SourcePrompt));
    }

    [Fact]
    public async Task Source_never_contains_the_key()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission with { SourcePrompt = "of " + Sample.Key });
        Assert.Equal(["submitting", "created"], Events);
        Assert.DoesNotContain(Sample.Key, Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"t0\"")]
    [InlineData("null")]
    [InlineData("""{"taskId":7,"prompt":[]}""")]
    public void Invalid_source_is_ignored(string source)
    {
        Append("""{"v":1,"event":"created","ref":"r","baseUri":"https://gateway.test","model":"m","params":{"jobId":"j"},"source":""" + source + ""","taskId":"t1","task":{}}""" + "\n");
        var task = Assert.Single(Listed());
        Assert.Equal(("t1", null, null), (task.Id, task.SourceTaskId, task.SourcePrompt));
    }
}
