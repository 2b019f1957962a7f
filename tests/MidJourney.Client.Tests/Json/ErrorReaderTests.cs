namespace MidJourney.Client.Tests;

public sealed class ErrorReaderTests
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
    public void Code_and_text_are_found_in_every_response_shape(string body, string? code, string message)
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
    public void HTML_page_gives_only_its_title(string body, string? message)
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
    public void Body_without_an_error_gives_none(string body) => Assert.Null(Sample.ReadError(body, 500).Error);

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
    public void Read_without_a_body_is_classified_by_status(int status, GatewayErrorKind kind, bool transient)
    {
        var error = Sample.ReadError("", status);
        Assert.Equal((kind, transient, status), (error.Kind, error.IsTransient, error.HttpStatus));
    }

    [Theory]
    [InlineData("""{"code":8004005098,"error_message":"it failed"}""", "8004005098", 8004005098L, "GenerationFailed", "it failed")]
    [InlineData("""{"code":8004005099,"message":"no provider"}""", "8004005099", 8004005099L, "ProviderUnavailable", "no provider")]
    [InlineData("""{"code":"8004005098","message":"it failed"}""", "8004005098", 8004005098L, "GenerationFailed", "it failed")]
    [InlineData("""{"code":"008004005098"}""", "008004005098", 8004005098L, "GenerationFailed", null)]
    [InlineData("""{"code":"004011001","message":"other model"}""", "004011001", 4011001L, null, "other model")]
    [InlineData("""{"code":110001,"message":"moderation"}""", "110001", 110001L, "ModerationRefused", "moderation")]
    [InlineData("""{"code":"190000"}""", "190000", 190000L, "InputDownloadFailed", null)]
    [InlineData("""{"code":"E_BUSY","message":"busy"}""", "E_BUSY", null, null, "busy")]
    [InlineData("""{"code":99999999999999999999,"message":"huge"}""", "99999999999999999999", null, null, "huge")]
    [InlineData("""{"code":-1,"message":"negative"}""", "-1", -1L, null, "negative")]
    [InlineData("""{"message":"no code"}""", null, null, null, "no code")]
    [InlineData("""{"code":null,"message":"no code"}""", null, null, null, "no code")]
    [InlineData("""{"code":"","message":"no code"}""", null, null, null, "no code")]
    [InlineData("""{"code":5,"error_message":null,"message":"second"}""", "5", 5L, null, "second")]
    [InlineData("""{"code":5,"error_message":"first","message":"second"}""", "5", 5L, null, "first")]
    [InlineData("\"plain text\"", null, null, null, "plain text")]
    [InlineData("{}", null, null, null, null)]
    [InlineData("null", null, null, null, null)]
    [InlineData("\"\"", null, null, null, null)]
    [InlineData("[]", null, null, null, null)]
    public void Error_of_a_failed_task_is_read_in_every_shape(string error, string? code, long? number, string? name, string? message)
    {
        var read = Sample.Read($$"""{"id":"t","status":"failed","error":{{error}}}""").Error!;
        Assert.Equal((code, number, name, message), (read.Code, read.Number, read.Name, read.Message));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("\"000000000\"")]
    public void Code_zero_is_not_an_error(string code) =>
        Assert.Null(Sample.Read($$$"""{"id":"t","status":"completed","error":{"code":{{{code}}},"message":"success"}}""").Error);

    [Fact]
    public void Failed_task_without_a_reason_has_an_error() =>
        Assert.Equal("no reason given", Sample.Read("""{"id":"t","status":"failed"}""").Error?.ToString());

    [Fact]
    public void Cancelled_task_has_an_error() => Assert.NotNull(Sample.Read("""{"id":"t","status":"cancelled"}""").Error);

    [Theory]
    [InlineData("completed")]
    [InlineData("in_progress")]
    public void Task_that_did_not_fail_has_no_error(string status) =>
        Assert.Null(Sample.Read($$"""{"id":"t","status":"{{status}}","error":null}""").Error);

    [Theory]
    [InlineData("004011001", 4011001L)]
    [InlineData("4011001", 4011001L)]
    [InlineData("8004005001", 8004005001L)]
    [InlineData(" 8004005001 ", 8004005001L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("80.5", null)]
    [InlineData("1e3", null)]
    [InlineData("0x10", null)]
    [InlineData("8,004,005,001", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Code_is_kept_as_text_and_compared_as_number(string? code, long? number)
    {
        var error = ErrorKinds.Describe(code, null);
        Assert.Equal((code, number), (error.Code, error.Number));
    }

    [Theory]
    [InlineData("8004005001")]
    [InlineData("08004005001")]
    [InlineData("0000008004005001")]
    public void Leading_zeros_in_a_code_are_ignored(string code)
    {
        Assert.Equal("JobIdMissing", ErrorKinds.Describe(code, null).Name);
        Assert.Equal(GatewayErrorKind.JobIdMissing, ErrorKinds.KindOf(ErrorKinds.Describe(code, null)));
    }

    [Theory]
    [InlineData("-8004005001")]
    [InlineData("8004005007")]
    [InlineData("4005001")]
    [InlineData("004011001")]
    public void Unlisted_code_has_no_name(string code)
    {
        Assert.Null(ErrorKinds.Describe(code, null).Name);
        Assert.Null(ErrorKinds.KindOf(ErrorKinds.Describe(code, null)));
    }

    [Theory]
    [InlineData(null, null, "no reason given")]
    [InlineData("5", null, "code 5")]
    [InlineData(null, "why", "why")]
    [InlineData("004011001", "why", "why (code 004011001)")]
    public void Error_text_is_one_line(string? code, string? message, string shown) =>
        Assert.Equal(shown, ErrorKinds.Describe(code, message).ToString());

    [Fact]
    public void Non_ASCII_text_of_an_error_is_preserved()
    {
        var error = Sample.ReadError("""{"error":{"code":"004011001","message":"参数错误 – größer, \u00e9\ud83d\ude00"}}""", 400);
        Assert.Equal(("004011001", "参数错误 – größer, é😀"), (error.Error?.Code, error.Error?.Message));
        Assert.Contains("参数错误 – größer, é😀 (code 004011001)", error.Message, StringComparison.Ordinal);
    }
}
