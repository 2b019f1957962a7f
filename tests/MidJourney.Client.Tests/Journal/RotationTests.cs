namespace MidJourney.Client.Tests;

/// <summary>The file does not grow for ever, and loses nothing that matters when it is made smaller.</summary>
public sealed class RotationTests : JournalTestBase
{
    private const int MaxBytes = 40_000;

    [Fact]
    public async Task Old_ended_tasks_leave_and_unfinished_ones_stay()
    {
        var journal = NewJournal(MaxBytes);
        var (client, gateway) = SetupWith(journal, [Accepts("running"), Answers.CutAfterSending(), .. Enumerable.Range(0, 300).Select(n => Accepts($"t{n}"))]);
        await client.CreateAsync(Sample.Upscale("running", 0, UpscaleType.Standard));
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Upscale("lost", 0, UpscaleType.Standard)));
        for (var n = 0; n < 300; n++)
        {
            var task = await client.CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard), DuplicatePolicy.Skip);
            journal.NoteEnded(task with { Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
        }
        Flush(journal);
        Assert.InRange(new FileInfo(JournalPath).Length, MaxBytes / 4, MaxBytes + 2000);
        var listed = Listed();
        Assert.Contains(listed, t => t.Id == "running");
        Assert.Contains(listed, t => t.Status == MJTaskStatus.OutcomeUnknown && t.SourceJobId == "lost");
        Assert.Contains(listed, t => t.Id == "t299" && t.Status == MJTaskStatus.Completed);
        Assert.DoesNotContain(listed, t => t.Id == "t0");
        // This process and others still know what is left.
        var sent = gateway.Sent.Length;
        Assert.Equal("t299", (await client.CreateAsync(Sample.Upscale("job-299", 0, UpscaleType.Standard), DuplicatePolicy.Skip)).Id);
        Assert.Equal("running", (await client.CreateAsync(Sample.Upscale("running", 0, UpscaleType.Standard), DuplicatePolicy.Skip)).Id);
        Assert.Equal(sent, gateway.Sent.Length);
    }

    [Fact]
    public async Task Another_process_notices_that_the_file_was_replaced()
    {
        var (first, _) = SetupWith(NewJournal(MaxBytes), [.. Enumerable.Range(0, 300).Select(n => Accepts($"t{n}"))]);
        var (second, gateway) = SetupWith(NewJournal(), Accepts("other"));
        await second.CreateAsync(Sample.Upscale("mine", 0, UpscaleType.Standard), DuplicatePolicy.Skip);
        for (var n = 0; n < 200; n++) await first.CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
        var sent = gateway.Sent.Length;
        for (var n = 0; n < 200; n++)
            Assert.Equal($"t{n}", (await second.CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard), DuplicatePolicy.Skip)).Id);
        Assert.Equal("other", (await first.CreateAsync(Sample.Upscale("mine", 0, UpscaleType.Standard), DuplicatePolicy.Skip)).Id);
        Assert.Equal(sent, gateway.Sent.Length);
    }

    [Fact]
    public async Task What_is_needed_stays_even_where_it_is_too_much()
    {
        var (client, _) = SetupWith(NewJournal(2000), [.. Enumerable.Range(0, 100).Select(n => Accepts($"t{n}"))]);
        for (var n = 0; n < 100; n++) await client.CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
        Assert.Equal(100, Listed().Count);
        Assert.DoesNotContain("refused", Events);
    }
}
