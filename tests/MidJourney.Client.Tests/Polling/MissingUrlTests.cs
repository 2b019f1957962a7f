namespace MidJourney.Client.Tests;

public sealed class MissingUrlTests : PollerTestBase
{
    [Fact]
    public async Task A_completed_task_is_read_again_until_its_url_is_there()
    {
        var reader = Reader(look => look.At.TotalSeconds < 5 ? look.Running() : look.At.TotalSeconds < 20 ? look.Bare() : look.Completed());
        await PollAsync(reader, ["t"]);
        var outcome = Assert.Single(Outcomes);
        Assert.Null(outcome.Error);
        Assert.Equal("https://files.test/t.png", outcome.Task.Url);
        Assert.Empty(Notes.Warnings);
    }

    [Fact]
    public async Task A_url_that_never_comes_is_not_waited_for_for_ever()
    {
        await PollAsync(Reader(look => look.Bare()), ["t"], timeout: 3600);
        var outcome = Assert.Single(Outcomes);
        Assert.Null(outcome.Error);
        Assert.Equal((MJTaskStatus.Completed, null), (outcome.Task.Status, outcome.Task.Url));
        Assert.InRange(Emitted[0].At.TotalSeconds, 10, 120);
        Assert.Contains("URL", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_without_its_url_is_read()
    {
        var reader = Reader(look => look.Completed());
        var poller = NewPoller(reader);
        poller.Add(new Look("t", TimeSpan.Zero, 0).Bare(), null);
        poller.EndAdding();
        await Clock.Drive(Run(poller));
        Assert.NotEmpty(reader.Reads);
        Assert.NotNull(Assert.Single(Outcomes).Task.Url);
    }

    [Fact]
    public async Task A_failed_task_has_no_url_to_wait_for()
    {
        var reader = Reader(look => look.Failed());
        await PollAsync(reader, ["t"]);
        Assert.Single(reader.Reads);
    }
}
