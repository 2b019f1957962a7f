namespace MidJourney.Client.Tests;

/// <summary>What the journal knows of tasks, without asking the gateway.</summary>
public sealed class ListedTaskTests : JournalTestBase
{
    [Fact]
    public async Task Newest_task_is_first()
    {
        var (client, _) = SetupWithJournal(Answers.Json("""{"id":"t1"}"""), Answers.Json("""{"id":"t2"}"""));
        await client.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await client.CreateAsync(Sample.Upscale("b", 3, UpscaleType.V5_4x));
        var tasks = Listed();
        Assert.Equal(["t2", "t1"], tasks.Select(t => t.Id));
        Assert.Equal(("b", 3, UpscaleType.V5_4x, "midjourney_upscale", Clock.GetUtcNow()),
            (tasks[0].SourceJobId, tasks[0].SourceImageNo, tasks[0].UpscaleType, tasks[0].Model, tasks[0].CreatedAt));
    }

    [Fact]
    public async Task End_of_a_task_is_recorded()
    {
        var journal = NewJournal();
        var (client, _) = SetupWith(journal, Answers.Json(Sample.Created), Answers.Json(Sample.Completed));
        var task = await client.CreateAsync(Sample.Submission);
        Assert.Equal(MJTaskStatus.InProgress, Assert.Single(Listed()).Status);
        journal.RecordEnded(await client.ReadAsync(task.Id), Sample.BaseUri);
        Flush(journal);
        var ended = Assert.Single(Listed());
        Assert.Equal((MJTaskStatus.Completed, "https://files.test/a.png", "job-2", 0.05m, "job-1", 2), (ended.Status, ended.Url, ended.JobId, ended.Cost, ended.SourceJobId, ended.SourceImageNo));
    }

    [Fact]
    public async Task Error_of_a_failed_task_is_recorded()
    {
        var journal = NewJournal();
        var (client, _) = SetupWith(journal, Answers.Json(Sample.Created), Answers.Json(Sample.Failed));
        var task = await client.CreateAsync(Sample.Submission);
        journal.RecordEnded(await client.ReadAsync(task.Id), Sample.BaseUri);
        Flush(journal);
        var ended = Assert.Single(Listed());
        Assert.Equal((MJTaskStatus.Failed, "8004005098", "the generation process failed"), (ended.Status, ended.Error?.Code, ended.Error?.Message));
    }

    [Fact]
    public async Task Unknown_outcome_stays_unknown_although_its_probable_task_has_ended()
    {
        var journal = NewJournal();
        var (client, _) = SetupWith(journal, Answers.Truncated("""{"id":"d758n65e878c73cmdg20","""), Answers.Json(Sample.Completed));
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Submission));
        journal.RecordEnded(await client.ReadAsync("d758n65e878c73cmdg20"), Sample.BaseUri);
        Flush(journal);
        Assert.Equal(MJTaskStatus.OutcomeUnknown, Assert.Single(Listed()).Status);
    }

    [Fact]
    public async Task Tasks_of_another_gateway_are_not_listed()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        Assert.Empty(Read(NewJournal(), new Uri("https://other.test")).Tasks);
        Assert.Single(Read(NewJournal(), new Uri("https://gateway.test/")).Tasks);
    }

    [Fact]
    public void Missing_file_lists_no_tasks() => Assert.Empty(Listed());
}
