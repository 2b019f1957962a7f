namespace MidJourney.Client.Tests;

public sealed class ErrorBodyTests
{
    [Theory]
    [InlineData("""{"error":{"code":7,"message":"why"}}""", "7", "why")]
    [InlineData("""{"error":{"code":"7","error_message":"why"}}""", "7", "why")]
    [InlineData("""{"error":"why"}""", null, "why")]
    [InlineData("""{"message":"why"}""", null, "why")]
    [InlineData("""{"detail":"why"}""", null, "why")]
    [InlineData("""{"detail":[{"loc":["body"],"msg":"why"}]}""", null, """[{"loc":["body"],"msg":"why"}]""")]
    [InlineData("""{"status":{"code":402,"message":"why","error_code":40201},"data":null}""", "40201", "why")]
    [InlineData("""{"status":{"code":402,"message":"why"},"data":null}""", "402", "why")]
    [InlineData("""{"code":"007","message":"why"}""", "007", "why")]
    [InlineData("why", null, "why")]
    [InlineData("\"why\"", null, "\"why\"")]
    public void Code_and_text_are_found_in_every_shape(string body, string? code, string message)
    {
        Assert.All([400, 401, 402, 403, 404, 429, 500, 502, 503], status =>
        {
            var error = Sample.ReadError(body, status).Error;
            Assert.Equal((code, message), (error?.Code, error?.Message));
            error = Sample.Create(body, status).Error!.Error;
            Assert.Equal((code, message), (error?.Code, error?.Message));
        });
    }

    [Theory]
    [InlineData("<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>", "502 Bad Gateway")]
    [InlineData("\r\n  <!DOCTYPE html><HTML><TITLE>\n Bad\n gateway </TITLE></HTML>", "Bad gateway")]
    [InlineData("<html><body>no title</body></html>", null)]
    [InlineData("<html><title>cut off", null)]
    public void A_page_of_html_gives_its_title_and_nothing_else(string body, string? message)
    {
        Assert.Equal(message, ErrorReader.Read(Sample.Answer(body).Body, "text/html")?.Message);
        Assert.Equal(message, ErrorReader.Read(Sample.Answer(body).Body, null)?.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{}}""")]
    [InlineData("""{"error":{"code":0,"message":"ok"}}""")]
    public void A_body_that_says_nothing_gives_no_error(string body) => Assert.Null(Sample.ReadError(body, 500).Error);

    [Theory]
    [InlineData(400, GatewayErrorKind.GatewayRefused, false)]
    [InlineData(401, GatewayErrorKind.Unauthorized, false)]
    [InlineData(402, GatewayErrorKind.InsufficientBalance, false)]
    [InlineData(403, GatewayErrorKind.Forbidden, false)]
    [InlineData(404, GatewayErrorKind.TaskNotFound, false)]
    [InlineData(405, GatewayErrorKind.GatewayRefused, false)]
    [InlineData(408, GatewayErrorKind.RequestTimedOut, true)]
    [InlineData(422, GatewayErrorKind.GatewayRefused, false)]
    [InlineData(429, GatewayErrorKind.RateLimited, true)]
    [InlineData(500, GatewayErrorKind.ServerError, true)]
    [InlineData(502, GatewayErrorKind.ServerError, true)]
    [InlineData(503, GatewayErrorKind.ServerError, true)]
    [InlineData(504, GatewayErrorKind.ServerError, true)]
    [InlineData(520, GatewayErrorKind.ServerError, true)]
    [InlineData(302, GatewayErrorKind.UnexpectedRedirect, false)]
    public void Without_a_body_a_read_goes_by_the_status(int status, GatewayErrorKind kind, bool transient)
    {
        var error = Sample.ReadError("", status);
        Assert.Equal((kind, transient, status), (error.Kind, error.IsTransient, error.HttpStatus));
    }
}
