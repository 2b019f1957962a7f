namespace MidJourney.Client.Tests;

/// <summary>The file does not grow for ever, and loses nothing that matters when it is made smaller.</summary>
public sealed class RotationTests : JournalTestBase
{
    private const int MaxBytes = 40_000;

    [Fact]
    public async Task Nothing_is_forgotten_and_unfinished_tasks_stay_as_they_are()
    {
        var journal = NewJournal(MaxBytes);
        var (client, gateway) = SetupWith(journal, [Accepts("running"), Answers.CutAfterSending(), .. Enumerable.Range(0, 300).Select(n => Accepts($"t{n}"))]);
        await client.CreateAsync(Sample.Upscale("running", 0, UpscaleType.Standard));
        await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Sample.Upscale("lost", 0, UpscaleType.Standard)));
        for (var n = 0; n < 300; n++)
        {
            var task = await CreateAsync(client, Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
            journal.NoteEnded(task with { Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
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
    public async Task Another_process_notices_that_the_file_was_replaced()
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
    public async Task What_is_needed_stays_even_where_it_is_too_much()
    {
        var (client, _) = SetupWith(NewJournal(2000), [.. Enumerable.Range(0, 100).Select(n => Accepts($"t{n}"))]);
        for (var n = 0; n < 100; n++) await client.CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
        Assert.Equal(100, Listed().Count);
        Assert.DoesNotContain("refused", Events);
    }
}
