namespace MidJourney.Client.Tests;

public sealed class StatusTests
{
    [Theory]
    [InlineData("in_progress", MJTaskStatus.InProgress)]
    [InlineData("IN_PROGRESS", MJTaskStatus.InProgress)]
    [InlineData("In-Progress", MJTaskStatus.InProgress)]
    [InlineData("processing", MJTaskStatus.InProgress)]
    [InlineData("pending", MJTaskStatus.Pending)]
    [InlineData("PENDING", MJTaskStatus.Pending)]
    [InlineData("queued", MJTaskStatus.Pending)]
    [InlineData("Completed", MJTaskStatus.Completed)]
    [InlineData("COMPLETED", MJTaskStatus.Completed)]
    [InlineData("failed", MJTaskStatus.Failed)]
    [InlineData("FaiLED", MJTaskStatus.Failed)]
    [InlineData("cancelled", MJTaskStatus.Cancelled)]
    [InlineData("Canceled", MJTaskStatus.Cancelled)]
    [InlineData("reticulating", MJTaskStatus.Unknown)]
    [InlineData("not_completed", MJTaskStatus.Unknown)]
    public void The_status_is_read_in_any_letter_case_and_kept_as_it_came(string text, string status)
    {
        var task = Sample.Read($$"""{"id":"t","status":"{{text}}"}""");
        Assert.Equal((status, text), (task.Status, task.RawStatus));
    }

    [Theory]
    [InlineData("""{"id":"t"}""", null)]
    [InlineData("""{"id":"t","status":null}""", null)]
    [InlineData("""{"id":"t","status":""}""", null)]
    [InlineData("""{"id":"t","status":7}""", "7")]
    [InlineData("""{"id":"t","status":{"phase":"completed"}}""", null)]
    [InlineData("""{"id":"t","status":"\ud800"}""", "\ufffd")]
    public void A_status_that_is_no_text_is_unknown_and_the_task_runs_on(string json, string? raw)
    {
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Unknown, raw), (task.Status, task.RawStatus));
        Assert.False(task.IsEnded());
    }

    [Theory]
    [InlineData("completed", true)]
    [InlineData("failed", true)]
    [InlineData("cancelled", true)]
    [InlineData("in_progress", false)]
    [InlineData("pending", false)]
    [InlineData("reticulating", false)]
    public void Only_three_statuses_end_a_task(string text, bool ended) =>
        Assert.Equal(ended, Sample.Read($$"""{"id":"t","status":"{{text}}"}""").IsEnded());

    [Fact]
    public void A_failed_task_is_told_by_its_status_although_http_says_200() =>
        Assert.Equal((MJTaskStatus.Failed, "GenerationFailed"), (Sample.Read(Sample.Failed).Status, Sample.Read(Sample.Failed).Error?.Name));
}
