namespace MidJourney.Client.Tests;

/// <summary>Refused content is not submitted again by default, so only clear words count.</summary>
public sealed class ContentRefusalTests
{
    [Theory]
    [InlineData("TextReject")]
    [InlineData("text_reject")]
    [InlineData("Reject")]
    [InlineData("REJECTED")]
    [InlineData("moderated")]
    [InlineData("banned")]
    [InlineData("BadPrompt")]
    [InlineData("BAD_PROMPT")]
    [InlineData("Invalid_Prompt_Parameter")]
    [InlineData("InvalidParameter")]
    public void Moderation_status_is_a_refusal(string status)
    {
        Assert.Equal(GatewayErrorKind.ContentRefused, KindOf($$"""{"id":"t","status":"{{status}}"}"""));
        Assert.Equal(GatewayErrorKind.ContentRefused, KindOf($$$"""{"id":"t","status":"{{{status}}}","error":{"code":8004005098,"message":"the generation process failed"}}"""));
    }

    [Theory]
    [InlineData("\"TextReject\"")]
    [InlineData("\"Reject\"")]
    [InlineData("\"rejected\"")]
    [InlineData("\"Task ended: Reject\"")]
    [InlineData("\"Msg_Sensitive\"")]
    [InlineData("\"upstream: MSG_SENSITIVE (3)\"")]
    [InlineData("\"ImagePromptDenied\"")]
    [InlineData("\"BadPrompt\"")]
    [InlineData("\"The service said bad prompt.\"")]
    [InlineData("\"Invalid_Prompt_Parameter: --ar\"")]
    [InlineData("\"code=invalid prompt parameter\"")]
    [InlineData("{\"code\":\"BadPrompt\",\"message\":\"no\"}")]
    [InlineData("\"Msg_Sensitive: 'a cat in a boat'\"")]
    [InlineData("\"refused by moderation\"")]
    [InlineData("\"The image did not pass moderation, change the prompt and try again\"")]
    [InlineData("\"Our AI moderator thinks this prompt is against our community standards\"")]
    [InlineData("\"Banned prompt detected: the word is not allowed\"")]
    [InlineData("\"The prompt may contain sensitive words\"")]
    [InlineData("\"Your request was rejected: it violates the content policy\"")]
    [InlineData("\"The request failed because the input text may contain sensitive information.\"")]
    [InlineData("\"moderation not passed\"")]
    [InlineData("{\"code\":110001}")]
    [InlineData("{\"code\":\"00110001\",\"message\":\"timeout\"}")]
    [InlineData("{\"code\":\"TextReject\",\"message\":\"no\"}")]
    [InlineData("{\"code\":\"content_policy_violation\",\"message\":\"no\"}")]
    [InlineData("{\"code\":8004005098,\"message\":\"TextReject\"}")]
    public void Moderation_error_is_a_refusal(string error) =>
        Assert.Equal(GatewayErrorKind.ContentRefused, KindOf($$"""{"id":"t","status":"failed","error":{{error}} }"""));

    [Theory]
    [InlineData("failed", "\"connection rejected\"")]
    [InlineData("failed", "\"request rejected by server, busy\"")]
    [InlineData("failed", "\"The context rejected the call\"")]
    [InlineData("failed", "\"your account is banned\"")]
    [InlineData("failed", "\"Moderation service unavailable\"")]
    [InlineData("failed", "\"moderation timed out, try again later\"")]
    [InlineData("failed", "\"The image passed moderation, then the worker stopped\"")]
    [InlineData("failed", "\"the worker stopped while waiting for moderation\"")]
    [InlineData("failed", "\"moderate load\"")]
    [InlineData("failed", "\"type is case-sensitive\"")]
    [InlineData("failed", "\"InvalidParameter: moderation must be low or auto\"")]
    [InlineData("failed", "\"could not render 'a poster against moderation of the web'\"")]
    [InlineData("failed", "\"could not render \\\"the prompt reader, bad prompt on a stage\\\"\"")]
    [InlineData("failed", "\"The badprompter stopped\"")]
    [InlineData("failed", "\"CreditNotEnough\"")]
    [InlineData("failed", "\"Job_ReUpscale_Not_Support\"")]
    [InlineData("failed", "{\"code\":8004005005,\"message\":\"rejected\"}")]
    [InlineData("failed", "{\"code\":190000,\"message\":\"rejected\"}")]
    [InlineData("failed", "{\"code\":503,\"message\":\"moderation\"}")]
    [InlineData("failed", "{\"code\":\"rejected\",\"message\":\"connection lost\"}")]
    [InlineData("rejected", "\"invalid image size\"")]
    [InlineData("rejected", "\"too many requests\"")]
    [InlineData("rejected", "{\"code\":8004005099,\"message\":\"no\"}")]
    [InlineData("Reject", "\"Account_Fee_Not_Enough\"")]
    [InlineData("banned", "\"this account is suspended\"")]
    [InlineData("timeout", "\"moderation\"")]
    [InlineData("BadPrompt", "\"prompt service unavailable\"")]
    [InlineData("InvalidParameter", "\"invalid image size\"")]
    [InlineData("expired", "null")]
    [InlineData("cancelled", "\"cancelled during moderation\"")]
    public void Ambiguous_words_are_not_a_refusal(string status, string error) =>
        Assert.NotEqual(GatewayErrorKind.ContentRefused, KindOf($$"""{"id":"t","status":"{{status}}","error":{{error}} }"""));

    [Fact]
    public void Task_that_did_not_fail_was_not_refused()
    {
        Assert.False(ContentRefusal.Is(Read("""{"id":"t","status":"in_progress","error":{"code":110001}}""")));
        Assert.False(ContentRefusal.Is(Read("""{"id":"t","status":"completed","output":[{"content":[{"url":"https://x/1.png"}]}],"error":"one image moderated"}""")));
    }

    [Fact]
    public void Upscale_has_no_prompt_that_could_be_invalid() =>
        Assert.Equal(GatewayErrorKind.TaskFailed, KindOf("""{"id":"t","status":"InvalidParameter","model":"midjourney_upscale"}"""));

    [Theory]
    [InlineData("""{"id":"t","status":"Reject"}""", true)]
    [InlineData("""{"id":"t","status":"failed","error":"Task ended: Reject"}""", true)]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"reject","message":"no"}}""", true)]
    [InlineData("""{"id":"t","status":"Reject","error":"Msg_Sensitive"}""", false)]
    [InlineData("""{"id":"t","status":"Text_Reject"}""", false)]
    [InlineData("""{"id":"t","status":"failed","error":{"code":110001}}""", false)]
    public void Refused_image_is_told_from_a_refused_prompt(string json, bool isOfResult)
    {
        Assert.Equal(isOfResult, ContentRefusal.IsOfResult(Read(json)));
        Assert.Contains(isOfResult ? "moderation refused the finished image: " : "moderation refused its content: ", PollOutcome.Of(Read(json)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_quotes_the_refusal() =>
        Assert.Equal("Task t failed because moderation refused its content: no (code 110001).", PollOutcome.Of(Read("""{"id":"t","status":"failed","error":{"code":110001,"message":"no"}}""")).Error!.Message);

    private static GatewayErrorKind? KindOf(string json) => PollOutcome.Of(Read(json)).Error?.Kind;

    private static MJTask Read(string json)
    {
        Assert.True(TaskReader.TryParse(System.Text.Encoding.UTF8.GetBytes(json), out var wire));
        return TaskReader.Read(wire, "t");
    }
}
