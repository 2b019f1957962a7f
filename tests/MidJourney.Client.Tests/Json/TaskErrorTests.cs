namespace MidJourney.Client.Tests;

public sealed class TaskErrorTests
{
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
    public void Whatever_the_shape_a_failed_task_has_its_error(string error, string? code, long? number, string? name, string? message)
    {
        var read = Sample.Read($$"""{"id":"t","status":"failed","error":{{error}}}""").Error!;
        Assert.Equal((code, number, name, message), (read.Code, read.Number, read.Name, read.Message));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("\"000000000\"")]
    public void Code_zero_is_no_error(string code) =>
        Assert.Null(Sample.Read($$$"""{"id":"t","status":"completed","error":{"code":{{{code}}},"message":"success"}}""").Error);

    [Fact]
    public void A_failed_task_that_does_not_say_why_has_an_error_all_the_same() =>
        Assert.Equal("no reason given", Sample.Read("""{"id":"t","status":"failed"}""").Error?.ToString());

    [Fact]
    public void A_cancelled_task_has_an_error() => Assert.NotNull(Sample.Read("""{"id":"t","status":"cancelled"}""").Error);

    [Theory]
    [InlineData("completed")]
    [InlineData("in_progress")]
    public void A_task_that_did_not_fail_has_none(string status) =>
        Assert.Null(Sample.Read($$"""{"id":"t","status":"{{status}}","error":null}""").Error);
}
