namespace MidJourney.Client.Tests;

public sealed class RefusedCreateTests : ClientTestBase
{
    [Theory]
    [InlineData("8004005001", GatewayErrorKind.JobIdMissing)]
    [InlineData("8004005002", GatewayErrorKind.ImageNumberMissing)]
    [InlineData("8004005003", GatewayErrorKind.InvalidImageNumber)]
    [InlineData("8004005004", GatewayErrorKind.TypeMissing)]
    [InlineData("8004005005", GatewayErrorKind.InvalidType)]
    [InlineData("8004005006", GatewayErrorKind.InvalidCallbackUrl)]
    [InlineData("8004005098", GatewayErrorKind.GenerationFailed)]
    [InlineData("8004005099", GatewayErrorKind.ProviderUnavailable)]
    [InlineData("1002", GatewayErrorKind.RateLimited)]
    [InlineData("110001", GatewayErrorKind.ContentRefused)]
    [InlineData("190000", GatewayErrorKind.GatewayRefused)]
    [InlineData("004011001", GatewayErrorKind.GatewayRefused)]
    [InlineData("008004005003", GatewayErrorKind.InvalidImageNumber)]
    [InlineData("WEIRD", GatewayErrorKind.GatewayRefused)]
    public async Task A_400_is_named_by_its_code_whose_text_is_kept(string code, GatewayErrorKind kind)
    {
        var error = await Refused(Answers.Json($$$"""{"error":{"code":"{{{code}}}","message":"why"}}""", 400));
        Assert.Equal((kind, 400, code, "why"), (error.Kind, error.HttpStatus, error.Error?.Code, error.Error?.Message));
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_came_as_a_number_is_compared_the_same() =>
        Assert.Equal(GatewayErrorKind.InvalidType, (await Refused(Answers.Json("""{"error":{"code":8004005005}}""", 400))).Kind);

    [Theory]
    [InlineData(400, "", GatewayErrorKind.GatewayRefused)]
    [InlineData(400, "bad", GatewayErrorKind.GatewayRefused)]
    [InlineData(401, "", GatewayErrorKind.Unauthorized)]
    [InlineData(401, """{"message":"invalid api key"}""", GatewayErrorKind.Unauthorized)]
    [InlineData(402, "", GatewayErrorKind.InsufficientBalance)]
    [InlineData(402, """{"message":"insufficient balance"}""", GatewayErrorKind.InsufficientBalance)]
    [InlineData(402, """{"message":"you do not have permission"}""", GatewayErrorKind.Forbidden)]
    [InlineData(402, """{"status":{"code":402,"message":"please recharge","error_code":40201},"data":null}""", GatewayErrorKind.InsufficientBalance)]
    [InlineData(403, "", GatewayErrorKind.Forbidden)]
    [InlineData(403, """{"error":"model not permitted"}""", GatewayErrorKind.Forbidden)]
    [InlineData(403, """{"error":"Balance too low"}""", GatewayErrorKind.InsufficientBalance)]
    [InlineData(403, """{"detail":"not enough credits"}""", GatewayErrorKind.InsufficientBalance)]
    [InlineData(402, """{"message":"Account_Fee_Not_Enough"}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(403, """{"message":"CreditNotEnough: supplier"}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(400, """{"error":"No_Avaliable_Plan"}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(400, """{"error":"Server_Busy"}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(400, """{"error":"Max_Concurrent_Limited"}""", GatewayErrorKind.RateLimited)]
    [InlineData(403, """{"message":"Job_ReUpscale_Not_Support"}""", GatewayErrorKind.GatewayRefused)]
    [InlineData(402, """{"error":{"code":"CreditNotEnough","message":"no"}}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(402, """{"status":{"code":402,"message":"upstream: account fee not enough.","error_code":40201},"data":null}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(403, """{"message":"NO_MORE_RELAX_CREDIT"}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(402, """{"message":"Invalid App Identifier"}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(400, """{"error":"Request_Timout"}""", GatewayErrorKind.ProviderUnavailable)]
    [InlineData(402, """{"message":"balance too low for 'there is no available plan, dear'"}""", GatewayErrorKind.InsufficientBalance)]
    [InlineData(400, """{"message":"The prompt 'out of funds, top up' is too long"}""", GatewayErrorKind.GatewayRefused)]
    [InlineData(400, """{"message":"Could not use \"a server busy with cooks\""}""", GatewayErrorKind.GatewayRefused)]
    [InlineData(400, """{"message":"the observer, busy as ever"}""", GatewayErrorKind.GatewayRefused)]
    [InlineData(400, """{"message":"BadPrompt"}""", GatewayErrorKind.ContentRefused)]
    [InlineData(400, """{"message":"upstream answered msg_sensitive (3)"}""", GatewayErrorKind.ContentRefused)]
    [InlineData(402, """{"message":"ImagePromptDenied"}""", GatewayErrorKind.ContentRefused)]
    [InlineData(403, """{"error":{"code":"Invalid_Prompt_Parameter","message":"no"}}""", GatewayErrorKind.ContentRefused)]
    [InlineData(404, """{"message":"Msg_Sensitive"}""", GatewayErrorKind.ContentRefused)]
    [InlineData(400, """{"message":"Invalid parameter"}""", GatewayErrorKind.GatewayRefused)]
    [InlineData(400, """{"message":"TextReject"}""", GatewayErrorKind.ContentRefused)]
    [InlineData(403, """{"error":"The prompt violates our content policy"}""", GatewayErrorKind.ContentRefused)]
    [InlineData(400, """{"error":"request rejected"}""", GatewayErrorKind.GatewayRefused)]
    [InlineData(402, """{"error":"moderation"}""", GatewayErrorKind.InsufficientBalance)]
    [InlineData(404, "", GatewayErrorKind.EndpointNotFound)]
    [InlineData(404, """{"error":{"code":110001}}""", GatewayErrorKind.ContentRefused)]
    [InlineData(404, """{"detail":"Not Found"}""", GatewayErrorKind.EndpointNotFound)]
    [InlineData(404, """{"error":{"code":8004005001}}""", GatewayErrorKind.JobIdMissing)]
    [InlineData(405, "", GatewayErrorKind.GatewayRefused)]
    [InlineData(413, "", GatewayErrorKind.GatewayRefused)]
    [InlineData(422, "", GatewayErrorKind.GatewayRefused)]
    public async Task Other_refusals_are_named_by_status_and_text(int status, string body, GatewayErrorKind kind)
    {
        var error = await Refused(Answers.Json(body, status));
        Assert.Equal((kind, status), (error.Kind, error.HttpStatus));
    }

    [Theory]
    [InlineData(402, "Account_Fee_Not_Enough", false)]
    [InlineData(402, "No_Avaliable_Plan", false)]
    [InlineData(403, "CreditNotEnough", false)]
    [InlineData(400, "no more relax credit", false)]
    [InlineData(402, "Upscale_Not_Support", false)]
    [InlineData(402, "Msg_Sensitive", false)]
    [InlineData(402, "please recharge", true)]
    [InlineData(400, "insufficient balance", true)]
    public async Task Only_the_users_own_balance_stops_the_batch(int status, string message, bool stops) =>
        Assert.Equal(stops, ErrorKinds.AppliesToAll(await Refused(Answers.Json($$"""{"message":"{{message}}"}""", status))));

    [Fact]
    public async Task Refused_prompt_is_named_in_short()
    {
        var (client, _) = Setup(Answers.Json("""{"error":{"code":110001,"message":"no."}}""", 400));
        var prompt = "a naked\nking " + new string('x', 100);
        var submission = new MJSubmission { Model = "midjourney_diffusion", Parameters = [new("text", prompt)], Prompt = prompt };
        var error = await Clock.Failure(client.CreateAsync(submission));
        Assert.Equal($"Moderation refused the prompt 'a naked king {new string('x', 47)}…': HTTP 400, no. (code 110001). No task was created.", error.Message);
    }

    [Theory]
    [InlineData(302, "https://elsewhere.test/login?next=/secret", "https://elsewhere.test")]
    [InlineData(301, "http://gateway.test/model/v1/generation", "http://gateway.test")]
    [InlineData(302, "https://elsewhere.test/task/d7x", "https://elsewhere.test")]
    [InlineData(307, "/login", "another path")]
    [InlineData(308, "/model/v1/generation/task/d7x", "another path")]
    public async Task A_redirect_is_not_followed(int status, string location, string named)
    {
        var error = await Refused(Answers.Redirect(location, status));
        Assert.Equal((GatewayErrorKind.UnexpectedRedirect, status), (error.Kind, error.HttpStatus));
        Assert.Contains($"redirects to {named}.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\\"")]
    [InlineData("'")]
    [InlineData("“ ")]
    [InlineData("‘ ")]
    [InlineData("` '")]
    [InlineData("sensitive moderation ")]
    [InlineData("a")]
    public async Task A_hostile_message_is_still_a_refusal(string part)
    {
        var body = $$"""{"message":"{{string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length))}}"}""";
        Assert.Contains("No task was created.", (await Refused(Answers.Json(body, 400))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_nowhere_is_borne()
    {
        var error = await Refused(Answers.Json("", 307));
        Assert.Equal(GatewayErrorKind.UnexpectedRedirect, error.Kind);
    }

    private async Task<GatewayException> Refused(Answer answer)
    {
        var (client, gateway) = Setup(answer, Answers.Json(Sample.Created));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.Single(gateway.Sent);
        Assert.False(error.IsTransient);
        return error;
    }
}
