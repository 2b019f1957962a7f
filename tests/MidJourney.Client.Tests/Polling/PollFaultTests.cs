namespace MidJourney.Client.Tests;

public sealed class PollFaultTests : PollerTestBase
{
    [Theory]
    [InlineData(GatewayErrorKind.Unauthorized)]
    [InlineData(GatewayErrorKind.InsufficientBalance)]
    [InlineData(GatewayErrorKind.Forbidden)]
    [InlineData(GatewayErrorKind.TaskNotFound)]
    [InlineData(GatewayErrorKind.GatewayRefused)]
    [InlineData(GatewayErrorKind.UnexpectedRedirect)]
    public async Task A_final_error_ends_its_own_task_only(GatewayErrorKind kind)
    {
        var reader = Reader(look => look.Id == "bad" ? Look.Final(kind) : look.CompletedAfter(10));
        await PollAsync(reader, ["good", "bad"]);
        Assert.Equal(["bad", "good"], Outcomes.Select(o => o.Task.Id));
        Assert.Equal([kind, null], Outcomes.Select(o => o.Error?.Kind));
        Assert.False(Outcomes[0].TaskEnded);
        Assert.Single(reader.ReadsOf("bad"));
    }

    [Theory]
    [InlineData(401, GatewayErrorKind.Unauthorized)]
    [InlineData(402, GatewayErrorKind.InsufficientBalance)]
    [InlineData(403, GatewayErrorKind.Forbidden)]
    [InlineData(404, GatewayErrorKind.TaskNotFound)]
    public async Task A_final_status_ends_its_own_task_only(int status, GatewayErrorKind kind)
    {
        var (client, gateway) = Setup((request, ended) =>
            (request.RequestUri!.AbsolutePath.EndsWith("bad", StringComparison.Ordinal) ? Answers.Json("", status) : Answers.Json(Sample.Completed))(request, ended));
        await PollAsync(client, ["good", "bad"]);
        Assert.Equal([kind, null], Outcomes.OrderBy(o => o.Task.Id).Select(o => o.Error?.Kind));
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task Faults_that_pass_are_waited_out()
    {
        var reader = Reader(look => look.Number <= 8 ? Look.Transient() : look.Completed());
        await PollAsync(reader, ["t"], timeout: 900);
        Assert.Null(Assert.Single(Outcomes).Error);
        Assert.NotEmpty(Notes.Lines);
        var gaps = reader.ReadsOf("t").Zip(reader.ReadsOf("t").Skip(1), (a, b) => b - a).ToArray();
        Assert.All(gaps, gap => Assert.True(gap > TimeSpan.FromSeconds(0.3)));
        Assert.True(gaps[^1] > gaps[0]);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("torn")]
    [InlineData("html")]
    [InlineData("429")]
    [InlineData("503")]
    [InlineData("hang")]
    public async Task Every_fault_that_passes_is_waited_out_through_the_client(string way)
    {
        Answer bad = way switch
        {
            "cut" => Answers.CutAfterSending(),
            "torn" => Answers.Truncated("""{"id":"t","sta"""),
            "html" => Answers.Html("<html><title>Sign in</title></html>", 200),
            "hang" => Answers.HangAfterSending(),
            _ => Answers.Json("", int.Parse(way, System.Globalization.CultureInfo.InvariantCulture), "3"),
        };
        var (client, gateway) = Setup(bad, bad, Answers.Json(Sample.Completed));
        await PollAsync(client, ["t"], timeout: 900);
        Assert.Null(Assert.Single(Outcomes).Error);
        Assert.Equal(3, gateway.Sent.Length);
    }

    [Fact]
    public async Task A_retry_after_is_obeyed()
    {
        var reader = Reader(look => look.Number == 1 ? Look.Transient(TimeSpan.FromSeconds(50)) : look.Completed());
        await PollAsync(reader, ["t"]);
        Assert.True(reader.ReadsOf("t")[1] >= TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task An_unknown_status_is_warned_of_once_a_text_and_counts_as_running()
    {
        var reader = Reader(look => look.At.TotalSeconds > 60 ? look.Completed()
            : look.Running() with { Status = MJTaskStatus.Unknown, RawStatus = look.Number % 2 == 0 ? "reticulating" : "dreaming" });
        await PollAsync(reader, Ids(20));
        Assert.Equal(20, Outcomes.Length);
        Assert.Equal(2, Notes.Warnings.Length);
        Assert.Single(Notes.Warnings, w => w.Contains("'reticulating'", StringComparison.Ordinal));
        Assert.Single(Notes.Warnings, w => w.Contains("'dreaming'", StringComparison.Ordinal));
    }
}
