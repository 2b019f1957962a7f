namespace MidJourney.Client.Tests;

/// <summary>Words that similar gateways and the service behind this one have for the end of a task (contract: words that end a task).</summary>
public sealed class StatusWordTests
{
    [Theory]
    [InlineData("success succeeded finished done complete completed Success SUCCEEDED", MJTaskStatus.Completed)]
    [InlineData("failure failed error rejected moderated banned timeout timed_out Timed-Out expired aborted Fail Reject TextReject BadPrompt InvalidParameter Timeout CreditNotEnough", MJTaskStatus.Failed)]
    [InlineData("cancelled canceled Canceled CANCELLED", MJTaskStatus.Cancelled)]
    [InlineData("running started generating rendering moderating processing IN_PROGRESS", MJTaskStatus.InProgress)]
    [InlineData("submitted waiting queued pending", MJTaskStatus.Pending)]
    [InlineData("reticulating incomplete unfinished undone", MJTaskStatus.Unknown)]
    public void Every_word_is_known_in_any_letter_case(string words, string status) =>
        Assert.All(words.Split(' '), word => Assert.Equal(status, Sample.Read($$"""{"id":"t","status":"{{word}}"}""").Status));

    [Theory]
    [InlineData("TextReject", "TextReject")]
    [InlineData("timed_out", "timed_out")]
    [InlineData("failed", null)]
    [InlineData("failure", null)]
    public void A_word_of_its_own_is_the_reason_where_there_is_no_other(string word, string? reason) =>
        Assert.Equal(reason, Sample.Read($$"""{"id":"t","status":"{{word}}"}""").Error?.Message);

    [Fact]
    public void The_providers_account_is_not_the_users() =>
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
    public void Otherwise_it_stays_completed(string json) => Assert.Equal(MJTaskStatus.Completed, Sample.Read(json).Status);
}
