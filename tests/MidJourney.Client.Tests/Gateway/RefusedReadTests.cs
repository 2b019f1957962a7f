namespace MidJourney.Client.Tests;

public sealed class RefusedReadTests : ClientTestBase
{
    [Theory]
    [InlineData(400, "", GatewayErrorKind.GatewayRefused)]
    [InlineData(400, """{"error":{"code":8004005001}}""", GatewayErrorKind.JobIdMissing)]
    [InlineData(401, """{"message":"invalid api key"}""", GatewayErrorKind.Unauthorized)]
    [InlineData(402, "", GatewayErrorKind.InsufficientBalance)]
    [InlineData(402, """{"status":{"code":402,"message":"no permission","error_code":40201},"data":null}""", GatewayErrorKind.Forbidden)]
    [InlineData(403, "", GatewayErrorKind.Forbidden)]
    [InlineData(403, """{"error":"insufficient funds"}""", GatewayErrorKind.InsufficientBalance)]
    [InlineData(404, "", GatewayErrorKind.TaskNotFound)]
    [InlineData(404, "<html><title>Not Found</title></html>", GatewayErrorKind.TaskNotFound)]
    [InlineData(410, "", GatewayErrorKind.GatewayRefused)]
    [InlineData(307, "", GatewayErrorKind.UnexpectedRedirect)]
    public async Task A_refusal_ends_the_read_with_one_request(int status, string body, GatewayErrorKind kind)
    {
        var (client, gateway) = Setup(Answers.Json(body, status), Answers.Json(Sample.Completed));
        var error = await Clock.Failure(client.ReadAsync("t"));
        Assert.Equal((kind, status, false), (error.Kind, error.HttpStatus, error.IsTransient));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task An_unknown_task_is_named()
    {
        var (client, _) = Setup(Answers.Json("""{"error":{"message":"task not found"}}""", 404));
        var error = await Clock.Failure(client.ReadAsync("no-such-task"));
        Assert.Equal("The gateway has no task no-such-task: task not found.", error.Message);
    }
}
