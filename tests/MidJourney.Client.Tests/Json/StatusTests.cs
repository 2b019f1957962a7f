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
    public void Status_is_read_in_any_letter_case_and_kept_as_RawStatus(string text, string status)
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
    public void Invalid_status_is_unknown_and_the_task_still_running(string json, string? raw)
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
    public void Only_completed_failed_and_cancelled_end_a_task(string text, bool ended) =>
        Assert.Equal(ended, Sample.Read($$"""{"id":"t","status":"{{text}}"}""").IsEnded());

    [Fact]
    public void Task_in_a_200_response_fails_by_its_status() =>
        Assert.Equal((MJTaskStatus.Failed, "GenerationFailed"), (Sample.Read(Sample.Failed).Status, Sample.Read(Sample.Failed).Error?.Name));

    [Theory]
    [InlineData("success succeeded finished done complete completed Success SUCCEEDED", MJTaskStatus.Completed)]
    [InlineData("failure failed error rejected moderated banned timeout timed_out Timed-Out expired aborted Fail Reject TextReject BadPrompt InvalidParameter Timeout CreditNotEnough", MJTaskStatus.Failed)]
    [InlineData("cancelled canceled Canceled CANCELLED", MJTaskStatus.Cancelled)]
    [InlineData("running started generating rendering moderating processing IN_PROGRESS", MJTaskStatus.InProgress)]
    [InlineData("submitted waiting queued pending", MJTaskStatus.Pending)]
    [InlineData("reticulating incomplete unfinished undone", MJTaskStatus.Unknown)]
    public void Words_of_similar_gateways_are_known_in_any_letter_case(string words, string status) =>
        Assert.All(words.Split(' '), word => Assert.Equal(status, Sample.Read($$"""{"id":"t","status":"{{word}}"}""").Status));

    [Theory]
    [InlineData("TextReject", "TextReject")]
    [InlineData("timed_out", "timed_out")]
    [InlineData("failed", null)]
    [InlineData("failure", null)]
    public void Specific_status_is_the_reason_if_there_is_no_other(string word, string? reason) =>
        Assert.Equal(reason, Sample.Read($$"""{"id":"t","status":"{{word}}"}""").Error?.Message);

    [Fact]
    public void Balance_of_the_provider_is_not_the_users() =>
        Assert.Equal(GatewayErrorKind.ProviderUnavailable, PollOutcome.Of(Sample.Read("""{"id":"t","status":"CreditNotEnough"}""")).Error?.Kind);

    [Theory]
    [InlineData("""{"id":"t","status":"completed","error":{"code":110001,"message":"refused by moderation"}}""")]
    [InlineData("""{"id":"t","status":"success","output":[],"error":{"code":110001,"message":"refused by moderation"}}""")]
    [InlineData("""{"code":110001,"message":"refused by moderation","data":{"id":"t","status":"completed"}}""")]
    [InlineData("""{"id":"t","status":"completed","output":[{"content":[{"url":null}]}],"error":{"code":110001,"message":"refused by moderation"}}""")]
    public void Completed_without_a_URL_and_with_an_error_is_failed(string json)
    {
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Failed, "110001", "ModerationRefused"), (task.Status, task.Error?.Code, task.Error?.Name));
        Assert.Contains("refused by moderation", PollOutcome.Of(task).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"t","status":"completed","output":[{"content":[{"url":"https://f.test/1"}]}],"error":{"code":7,"message":"one of four"}}""")]
    [InlineData("""{"id":"t","status":"completed","error":{"code":0,"message":"ok"}}""")]
    [InlineData("""{"id":"t","status":"completed","error":{}}""")]
    [InlineData("""{"id":"t","status":"completed","error":"","message":"success"}""")]
    public void Completed_with_a_URL_or_without_an_error_stays_completed(string json) => Assert.Equal(MJTaskStatus.Completed, Sample.Read(json).Status);
}
