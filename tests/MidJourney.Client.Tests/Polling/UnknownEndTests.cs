namespace MidJourney.Client.Tests;

/// <summary>A status that nobody knows does not keep a task waiting for ever.</summary>
public sealed class UnknownEndTests : PollerTestBase
{
    [Fact]
    public async Task Output_with_a_URL_in_two_reads_in_a_row_is_an_end()
    {
        var reader = Reader(look => look.At.TotalSeconds < 5 ? look.Running() : look.Completed() with { Status = MJTaskStatus.Unknown, RawStatus = "enough" });
        await PollAsync(reader, ["t"], step: 0.5);
        var outcome = Assert.Single(Outcomes);
        Assert.Equal((MJTaskStatus.Completed, "enough", null), (outcome.Task.Status, outcome.Task.RawStatus, outcome.Error));
        Assert.Equal(2, reader.Reads.Count(r => r.At.TotalSeconds >= 5));
    }

    [Fact]
    public async Task An_error_in_two_reads_in_a_row_is_an_end()
    {
        await PollAsync(Reader(look => look.Failed("110001") with { Status = MJTaskStatus.Unknown, RawStatus = "oops" }), ["t"], step: 0.5);
        var outcome = Assert.Single(Outcomes);
        Assert.Equal((MJTaskStatus.Failed, GatewayErrorKind.ContentRefused, "110001"), (outcome.Task.Status, outcome.Error?.Kind, outcome.Error?.Error?.Code));
    }

    [Fact]
    public async Task Once_is_not_enough_and_neither_is_a_word_that_is_known_to_run()
    {
        var reader = Reader(look => look.At.TotalSeconds > 60 ? look.Completed()
            : look.Id == "running" ? look.Completed() with { Status = MJTaskStatus.InProgress, RawStatus = "rendering" }
            : look.Number % 2 == 0 ? look.Completed() with { Status = MJTaskStatus.Unknown, RawStatus = "enough" } : look.Running() with { Status = MJTaskStatus.Unknown, RawStatus = "enough" });
        await PollAsync(reader, ["running", "flickering"], step: 0.5);
        Assert.All(Emitted, e => Assert.True(e.At.TotalSeconds > 60));
    }
}
