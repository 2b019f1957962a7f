using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>An unknown outcome is settled once, by one process; and a recorded create can be submitted again.</summary>
public sealed class SettlingTests : JournalTestBase
{
    private static MJTask Made(string id) => new() { Id = id, Status = MJTaskStatus.InProgress, RawStatus = "in_progress", Model = "midjourney_upscale" };

    private async Task<Guid> LoseAsync(MJSubmission? submission = null)
    {
        var (client, _) = SetupWithJournal(Answers.CutAfterSending());
        var error = await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, submission ?? Sample.Submission));
        return Guid.ParseExact(error.SubmissionId!, "N");
    }

    private static async Task<KnownCreate> FindAsync(TaskJournal journal, Guid name) => (await journal.FindAsync(index => index.FindByName(name), default))!;

    private static async Task<SettleResult> MadeAsync(TaskJournal journal, Guid name, string id) =>
        await journal.SettleAsync(name, id, JournalLineWriter.Created((await FindAsync(journal, name)).Create, Made(id), journal.Time.GetUtcNow()));

    private static Task<SettleResult> NeverMadeAsync(TaskJournal journal, Guid name) =>
        journal.SettleAsync(name, null, JournalLineWriter.NotCreated(name.ToString("N"), null, journal.Time.GetUtcNow()));

    [Fact]
    public async Task Only_one_of_two_processes_settles_an_outcome()
    {
        var name = await LoseAsync();
        var (first, second) = (NewJournal(), NewJournal());
        await first.LoadAsync(default);
        await second.LoadAsync(default);
        var results = await Task.WhenAll(MadeAsync(first, name, "t1"), NeverMadeAsync(second, name));
        Assert.Equal([SettleResult.Settled, SettleResult.NotUnknown], results.Order());
    }

    [Fact]
    public async Task Task_of_one_create_cannot_settle_another()
    {
        var (one, other) = (await LoseAsync(), await LoseAsync(Sample.Upscale("job-2", 0, UpscaleType.Standard)));
        Assert.Equal(SettleResult.Settled, await MadeAsync(NewJournal(), one, "t1"));
        Assert.Equal(SettleResult.TaskTaken, await MadeAsync(NewJournal(), other, "t1"));
        Assert.Equal(SettleResult.Settled, await MadeAsync(NewJournal(), other, "t2"));
    }

    [Fact]
    public async Task Settled_outcome_survives_compaction()
    {
        var (made, never) = (await LoseAsync(), await LoseAsync(Sample.Upscale("never", 0, UpscaleType.Standard)));
        var journal = NewJournal(maxBytes: 3000);
        Assert.Equal(SettleResult.Settled, await MadeAsync(journal, made, "t1"));
        Assert.Equal(SettleResult.Settled, await NeverMadeAsync(journal, never));
        var (client, _) = SetupWith(journal, [.. Enumerable.Range(0, 50).Select(n => Accepts($"o{n}"))]);
        for (var n = 0; n < 50; n++) journal.RecordEnded(await CreateAsync(client, Sample.Upscale($"other-{n}", 0, UpscaleType.Standard)) with { Status = MJTaskStatus.Completed }, Sample.BaseUri);
        await Until(() =>
        {
            Flush(journal);
            return Text.Contains("\"compacted\"", StringComparison.Ordinal);
        });
        Assert.DoesNotContain(Listed(), t => t.Status == MJTaskStatus.OutcomeUnknown);
        var (again, gateway) = SetupWithJournal(Accepts("t2"));
        Assert.Equal("t1", (await CreateAsync(again, Sample.Submission)).Id);
        Assert.Equal("t2", (await CreateAsync(again, Sample.Upscale("never", 0, UpscaleType.Standard))).Id);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Outcome_stays_unknown_if_the_file_cannot_be_written()
    {
        var name = await LoseAsync();
        var journal = NewJournal();
        var line = JournalLineWriter.NotCreated(name.ToString("N"), null, journal.Time.GetUtcNow());
        await journal.LoadAsync(default);
        var aside = JournalPath + ".aside";
        File.Move(JournalPath, aside);
        Directory.CreateDirectory(JournalPath);
        var error = await Assert.ThrowsAsync<GatewayException>(() => journal.SettleAsync(name, null, line));
        Assert.Equal(GatewayErrorKind.JournalUnavailable, error.Kind);
        Directory.Delete(JournalPath);
        File.Move(aside, JournalPath);
        Assert.Contains((await journal.ReadAsync(Sample.BaseUri)).Tasks, t => t.Status == MJTaskStatus.OutcomeUnknown);
    }

    /// <summary>The submission that is read from the journal is exactly the same work.</summary>
    [Fact]
    public async Task Submission_read_back_is_the_same_work()
    {
        object?[] values = [0, -1, 12345678901234567890m, 1.50m, 1e300, 0.1, "\"\\\n\u2028 ü 🗼", "", true, null, new object?[] { 1, Array.Empty<object?>() },
            new List<KeyValuePair<string, object?>> { new("b", 1), new("a", new List<KeyValuePair<string, object?>>()) }];
        var submission = new MJSubmission
        {
            Model = "midjourney_pan",
            Parameters = [new("jobId", @"a\u0007b"), .. values.Select((v, i) => new KeyValuePair<string, object?>($"p{i}", v))],
            SourceTaskId = "maker",
            SourcePrompt = "a harbour",
        };
        var known = await FindAsync(NewJournal(), await LoseAsync(submission));
        var again = known.Submission()!;
        Assert.Equal(Encoding.UTF8.GetString(JournalLineWriter.Parameters(submission)), Encoding.UTF8.GetString(JournalLineWriter.Parameters(again)));
        Assert.Equal(("midjourney_pan", "maker", "a harbour"), (again.Model, again.SourceTaskId, again.SourcePrompt));
    }

    [Fact]
    public void Only_a_create_after_a_failure_is_another_attempt()
    {
        var index = new JournalIndex();
        var at = 0;
        // Two fail together; a third replaces the first, and fails; a fourth follows.
        Guid[] names = [.. Enumerable.Range(0, 4).Select(_ => Guid.NewGuid())];
        Create(0, second: 1);
        Create(1, second: 1);
        Fail(0, second: 5);
        Create(2, second: 6);
        Fail(1, second: 7);
        Fail(2, second: 9);
        Create(3, second: 9);
        Assert.Equal([names[0], names[2]], index.Attempts(0));
        Assert.Equal([names[1], names[3]], index.Attempts(1));
        Assert.Equal([names[2]], index.Attempts(2));

        void Create(int n, int second) => Add(JournalLineWriter.Created(
            new JournalCreate(names[n].ToString("N"), SubmissionKey.WorkOf("https://x.test", "m", "{}"u8.ToArray()), "https://x.test", null, "m", "{}"u8.ToArray(), []), Made($"t{n}"), Time(second)));

        void Fail(int n, int second) => Add(JournalLineWriter.Ended("https://x.test", Made($"t{n}") with { Status = MJTaskStatus.Failed, RawStatus = "failed" }, Time(second)));

        void Add(byte[] line) => index.Add(line.AsSpan(0, line.Length - 1), at++);

        static DateTimeOffset Time(int second) => new(2026, 1, 1, 0, 0, second, TimeSpan.Zero);
    }
}
