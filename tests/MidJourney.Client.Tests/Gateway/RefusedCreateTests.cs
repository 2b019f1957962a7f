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
    [InlineData(400, """{"message":"BadPrompt"}""", GatewayErrorKind.GatewayRefused)]
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
