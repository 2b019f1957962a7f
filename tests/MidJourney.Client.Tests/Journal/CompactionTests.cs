namespace MidJourney.Client.Tests;

/// <summary>Compaction of a large file keeps one short line per ended task, and loses no task.</summary>
public sealed class CompactionTests : JournalTestBase
{
    private const int MaxBytes = 40_000;

    [Fact]
    public async Task Compaction_keeps_all_tasks_and_does_not_change_unfinished_ones()
    {
        var journal = NewJournal(MaxBytes);
        var (client, gateway) = SetupWith(journal, [Accepts("running"), Answers.CutAfterSending(), .. Enumerable.Range(0, 300).Select(n => Accepts($"t{n}"))]);
        await client.CreateAsync(Sample.Upscale("running", 0, UpscaleType.Standard));
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Upscale("lost", 0, UpscaleType.Standard)));
        for (var n = 0; n < 300; n++)
        {
            var task = await CreateAsync(client, Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
            journal.RecordEnded(task with { Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
        }
        Flush(journal);
        var listed = Listed();
        Assert.Equal(302, listed.Count);
        Assert.Contains(listed, t => t.Id == "running" && t.Status == MJTaskStatus.InProgress);
        Assert.Contains(listed, t => t.Status == MJTaskStatus.OutcomeUnknown && t.SourceJobId == "lost");
        var (other, otherGateway) = SetupWithJournal(Accepts("other"));
        foreach (var c in new[] { client, other })
        {
            for (var n = 0; n < 300; n++) Assert.Equal($"t{n}", (await CreateAsync(c, Sample.Upscale($"job-{n}", 0, UpscaleType.Standard))).Id);
            Assert.Equal("running", (await CreateAsync(c, Sample.Upscale("running", 0, UpscaleType.Standard))).Id);
            Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(c, Sample.Upscale("lost", 0, UpscaleType.Standard)))).Kind);
        }
        Assert.Equal((302, 0), (gateway.Sent.Length, otherGateway.Sent.Length));
    }

    [Fact]
    public async Task Another_process_notices_the_compacted_file()
    {
        var (first, _) = SetupWith(NewJournal(MaxBytes), [.. Enumerable.Range(0, 300).Select(n => Accepts($"t{n}"))]);
        var (second, gateway) = SetupWith(NewJournal(), Accepts("other"));
        await CreateAsync(second, Sample.Upscale("mine", 0, UpscaleType.Standard), Skip);
        for (var n = 0; n < 200; n++) await first.CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
        var sent = gateway.Sent.Length;
        for (var n = 0; n < 200; n++)
            Assert.Equal($"t{n}", (await CreateAsync(second, Sample.Upscale($"job-{n}", 0, UpscaleType.Standard), Skip)).Id);
        Assert.Equal("other", (await CreateAsync(first, Sample.Upscale("mine", 0, UpscaleType.Standard), Skip)).Id);
        Assert.Equal(sent, gateway.Sent.Length);
    }

    [Fact]
    public async Task Compaction_keeps_running_and_unknown_entries_even_if_the_file_stays_long()
    {
        var (client, _) = SetupWith(NewJournal(2000), [.. Enumerable.Range(0, 100).Select(n => Accepts($"t{n}"))]);
        for (var n = 0; n < 100; n++) await client.CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
        Assert.Equal(100, Listed().Count);
        Assert.DoesNotContain("refused", Events);
    }

    [Fact]
    public async Task Compaction_keeps_one_short_line_per_ended_task()
    {
        var journal = NewJournal(maxBytes: 1);
        var (client, _) = SetupWithJournal(Answers.Json(Sample.Created), Answers.Json(Sample.Completed));
        var task = await CreateAsync(client, Sample.Submission);
        var salt = Lines()[0].GetProperty("salt").GetString();
        Clock.Advance(TimeSpan.FromMinutes(1));
        await journal.RecordEndedAsync(await Clock.Drive(client.ReadAsync(task.Id)), Sample.BaseUri);
        await Until(() => !journal.IsWriting);
        var lines = Lines();
        Assert.Equal(["journal", "created", "journal"], lines.Select(l => l.GetProperty("event").GetString()));
        Assert.All([lines[0], lines[2]], l => Assert.Equal(salt, l.GetProperty("salt").GetString()));
        Assert.All(lines, l => Assert.Equal(l.EnumerateObject().Select(p => p.Name).Distinct(), l.EnumerateObject().Select(p => p.Name)));
        var left = lines[1];
        Assert.Equal(("completed", task.Id, client.Account), (left.GetProperty("state").GetString(), left.GetProperty("taskId").GetString(), left.GetProperty("account").GetString()));
        Assert.Equal((Start, Start + TimeSpan.FromMinutes(1)), (left.GetProperty("time").GetDateTimeOffset(), left.GetProperty("ended").GetDateTimeOffset()));
        Assert.DoesNotContain("files.test", Text, StringComparison.Ordinal);
        var listed = Assert.Single(Listed());
        Assert.Equal((MJTaskStatus.Completed, 0.05m, "job-2", "job-1", 2, UpscaleType.Creative), (listed.Status, listed.Cost, listed.JobId, listed.SourceJobId, listed.SourceImageNo, listed.UpscaleType));
        Assert.InRange(lines[1].GetRawText().Length, 200, 600);
    }

    [Theory]
    [InlineData("failed", "", false)]
    [InlineData("failed", "TextReject", true)]
    [InlineData("gone", "", false)]
    public async Task Compaction_keeps_the_end_state(string end, string message, bool isRefused)
    {
        var journal = NewJournal(maxBytes: 1);
        var (client, _) = SetupWith(journal, Accepts("t1"));
        var task = await CreateAsync(client, Sample.Submission);
        if (end == "gone") await journal.RecordGoneAsync(task.Id, Sample.BaseUri, client.Account);
        else await journal.RecordEndedAsync(task with { Status = MJTaskStatus.Failed, RawStatus = "failed", Error = new MJError { Message = message } }, Sample.BaseUri);
        // Causes another compaction.
        for (var n = 0; n < 5; n++) await CreateAsync(client, Sample.Upscale($"job-{n + 10}", 0, UpscaleType.Standard));
        await Until(() => !journal.IsWriting);
        var (other, gateway) = SetupWithJournal(Accepts("t2"));
        if (isRefused) Assert.Equal(GatewayErrorKind.ContentRefused, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(other, Sample.Submission))).Kind);
        else Assert.Equal("t2", (await CreateAsync(other, Sample.Submission)).Id);
        Assert.Equal(isRefused ? 0 : 1, gateway.Sent.Length);
    }

    [Fact]
    public async Task Compacted_file_is_compacted_again_only_after_it_doubled()
    {
        const int Most = 2000;
        var journal = NewJournal(Most);
        var (client, _) = SetupWith(journal, Accepts("t"));
        const int OfOneCreate = 1000;
        var (file, length, compacted, times) = ("", 0L, 0L, 0);
        for (var n = 0; n < 100; n++)
        {
            await CreateAsync(client, Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
            await Until(() => !journal.IsWriting);
            var now = Lines()[0].GetProperty("id").GetString()!;
            if (now != file && n > 0)
            {
                times++;
                Assert.True(length + OfOneCreate > Math.Max(Most, 2 * compacted), $"{length} {compacted}");
                compacted = Lines().Single(l => l.TryGetProperty("compacted", out _)).GetProperty("compacted").GetInt64();
            }
            (file, length) = (now, new FileInfo(JournalPath).Length);
            Assert.True(length < Math.Max(Most, 2 * compacted) + OfOneCreate);
        }
        Assert.True(times > 3);
        Assert.Equal(100, Listed().Count);
    }

    [Fact]
    public async Task Another_process_finds_lines_at_their_new_positions()
    {
        var (first, _) = SetupWith(NewJournal(), [.. Enumerable.Range(0, 20).Select(n => Accepts($"t{n}"))]);
        for (var n = 0; n < 20; n++) await CreateAsync(first, Sample.Upscale($"job-{n}", n % 4, UpscaleType.Standard) with { SourcePrompt = $"prompt {n}" });
        var other = NewJournal(maxBytes: 1);
        await other.RecordEndedAsync(new MJTask { Id = "t0", Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
        await Until(() => !other.IsWriting);
        var guard = await first.GuardAsync(Guarded, null, default);
        for (var n = 0; n < 20; n++)
        {
            var submission = Sample.Upscale($"job-{n}", n % 4, UpscaleType.Standard);
            var record = guard.Begin(submission, null);
            if (n == 10) await other.RecordEndedAsync(new MJTask { Id = "t1", Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
            var task = await first.CreateAsync(submission, record, null, null, default);
            Assert.Equal(($"t{n}", $"prompt {n}"), (task.Id, task.SourcePrompt));
        }
    }
}
