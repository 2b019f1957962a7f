namespace MidJourney.Client.Tests;

/// <summary>A journal without a file guards one session.</summary>
public sealed class InMemoryJournalTests : JournalTestBase
{
    [Fact]
    public async Task Same_work_is_returned_and_listed()
    {
        var journal = TaskJournal.InMemory(time: Clock);
        var (client, gateway) = SetupWith(journal, Accepts("t1"), Answers.CutAfterSending(), Accepts("t3"));
        var other = Sample.Upscale("job-2", 0, UpscaleType.Standard);
        await CreateAsync(client, Sample.Submission with { SourcePrompt = "a harbour" });
        Assert.Equal(("t1", true), await KnownAsync(client, Sample.Submission));
        for (var n = 0; n < 2; n++) Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, other))).Kind);
        Assert.Equal(2, gateway.Sent.Length);
        Assert.Equal(("t3", false), await KnownAsync(client, other, RetryUnknown));
        var listed = Read(journal).Tasks;
        Assert.Equal(["t1", "t3"], listed.Select(t => t.Id).Order());
        Assert.Equal(("job-1", 2, "a harbour", client.Account), Details(listed.Single(t => t.Id == "t1")));
        Assert.NotNull(client.Account);
        Assert.Empty(Read(journal, new Uri("https://other.test")).Tasks);
        Assert.False(Directory.Exists(Path.GetDirectoryName(JournalPath)));
    }

    [Fact]
    public async Task Ends_and_gone_tasks_count()
    {
        var journal = TaskJournal.InMemory(time: Clock);
        var (client, gateway) = SetupWith(journal, Accepts("t1"), Accepts("t2"));
        var task = await CreateAsync(client, Sample.Submission);
        await journal.RecordEndedAsync(task with { Status = MJTaskStatus.Failed, RawStatus = "failed" }, Sample.BaseUri);
        Assert.Equal(("t2", false), await KnownAsync(client, Sample.Submission));
        await journal.RecordGoneAsync("t2", Sample.BaseUri, client.Account);
        Assert.False((await KnownAsync(client, Sample.Submission)).IsKnown);
        Assert.Equal(3, gateway.Sent.Length);
    }

    [Fact]
    public async Task Create_that_is_being_sent_is_awaited()
    {
        var go = new TaskCompletionSource();
        var (client, gateway) = SetupWith(TaskJournal.InMemory(time: Clock), Answers.After(go.Task, Accepts("t1")));
        var creates = Enumerable.Range(0, 5).Select(_ => CreateAsync(client, Sample.Submission)).ToArray();
        await Until(() => gateway.BodiesSent == 1);
        go.SetResult();
        Assert.All(await Task.WhenAll(creates).WaitAsync(TimeSpan.FromMinutes(1)), t => Assert.Equal("t1", t.Id));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Journal_in_memory_warns_once_and_is_an_error_if_a_file_is_required()
    {
        var (client, gateway) = SetupWith(TaskJournal.InMemory("no home", Clock), Accepts("t1"));
        for (var n = 0; n < 2; n++) await CreateAsync(client, Sample.Submission, notes: Notes);
        Assert.Equal(["no home"], Notes.Warnings);
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission, Skip))).Kind);
        Assert.Single(gateway.Sent);
    }

    private static (string?, int?, string?, string?) Details(MJTask task) => (task.SourceJobId, task.SourceImageNo, task.SourcePrompt, task.Account);

    private static async Task<(string Id, bool IsKnown)> KnownAsync(GatewayClient client, MJSubmission submission, DuplicatePolicy? policy = null)
    {
        var task = await CreateAsync(client, submission, policy);
        return (task.Id, task.IsKnown);
    }
}
