using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>One invalid field does not make a paid task unreadable: only that field is null.</summary>
public sealed class InvalidJsonTests
{
    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("undefined")]
    [InlineData("None")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData("007")]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("99999999999999999999999999999999999")]
    [InlineData("")]
    [InlineData("\"a\nb\tc\"")]
    [InlineData("\"\\x41\\'\\u12\"")]
    [InlineData("\"\\ud800\"")]
    public void Invalid_value_affects_only_its_field(string value)
    {
        foreach (var field in new[] { "\"created_at\"", "\"progress\"", "\"metadata\"", "\"error\"", "\"x\"", "\"detail\"" })
            Check($$"""{"id":"t",{{field}}:{{value}},"status":"completed","output":[{"content":[{"url":"https://f.test/1","width":{{value}}}],"n":{{value}}}],"usage":{"cost":"0.05","discount":{{value}} } }""");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Value_nested_too_deeply_affects_only_its_field(int depth) =>
        Check($$"""{"id":"t","x":{{new string('[', depth)}}{{new string(']', depth)}},"status":"completed","output":[{"content":[{"url":"https://f.test/1"}]}],"usage":{"cost":"0.05"} }""");

    [Theory]
    [InlineData("\u0000\u0000")]
    [InlineData(" trailing")]
    [InlineData("{\"id\":\"other\"}")]
    [InlineData("}")]
    public void Text_after_the_response_is_ignored(string rest) =>
        Check("""{"id":"t","status":"completed","output":[{"content":[{"url":"https://f.test/1"}]}],"usage":{"cost":"0.05"}}""" + rest);

    [Fact]
    public void Invalid_value_does_not_make_a_create_unknown() => Assert.Equal("d7x", Sample.Create("""{"id":"d7x","eta":NaN}""").Task?.Id);

    [Fact]
    public void Number_too_large_for_any_type_stays_text() =>
        Assert.Equal("1e400", Sample.Read("""{"id":"t","status":"completed","metadata":{"x":1e400}}""").Metadata["x"]);

    private static void Check(string json)
    {
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Completed, "https://f.test/1", 0.05m), (task.Status, task.Url, task.Cost));
        using var raw = System.Text.Json.JsonDocument.Parse(task.Raw!);
        Assert.Equal("https://f.test/1", TaskReader.FromRaw(task.Raw!)?.Url);
    }

    [Fact]
    public void Byte_order_mark_is_ignored() => Assert.Equal(MJTaskStatus.Completed, Sample.Read("\ufeff" + Sample.Completed).Status);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""[{"id":"other","status":"completed"}]""")]
    [InlineData("\"t\"")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("OK")]
    public void Body_that_is_not_an_object_is_not_a_task(string body)
    {
        var read = Sample.ReadError(body);
        Assert.Equal((GatewayErrorKind.InvalidResponse, true), (read.Kind, read.IsTransient));
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, Sample.Create(body).Error?.Kind);
    }

    [Fact]
    public void Deeply_nested_unfinished_body_is_not_a_task()
    {
        var bomb = """{"id":"t","x":""" + string.Concat(Enumerable.Repeat("[", 100_000));
        Assert.Equal(GatewayErrorKind.InvalidResponse, Sample.ReadError(bomb).Kind);
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, Sample.Create(bomb).Error?.Kind);
        Assert.Equal(GatewayErrorKind.ServerError, Sample.ReadError(bomb, 500).Kind);
    }

    [Theory]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m","other":"\udfff"}}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m"},"metadata":{"\ud800":["\ud800"]}}""")]
    public void Lone_surrogate_affects_only_its_field(string json)
    {
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Failed, "m (code 5)"), (task.Status, task.Error?.ToString()));
    }

    [Theory]
    [InlineData("""{"message":"\ud800"}""")]
    [InlineData("""{"error":"\ud800"}""")]
    public void Lone_surrogate_in_an_error_is_accepted(string json) => Assert.Equal(GatewayErrorKind.ServerError, Sample.ReadError(json, 500).Kind);

    [Fact]
    public void Invalid_UTF8_is_accepted()
    {
        var body = Encoding.Latin1.GetBytes("""{"id":"t","status":"failed","error":{"code":"5","message":"ÿ","ÿ":1},"detail":["ÿ"],"message":"ÿ"}""");
        var task = ReadOutcome.Of(new GatewayResponse { Status = 200, Body = body }, "t", Sample.Options);
        Assert.Equal("5", task.Error?.Code);
    }

    [Theory]
    [InlineData("""{"id":"t","status":"failed","\ud800":1,"error":{"code":"5","message":"m"}}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m","\ud800":1}}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m"},"usage":{"\ud800\ud800\ud800\ud800\ud800":1}}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m"},"output":[{"\ud800 long enough":[{"\ud800 long enough":1}]}]}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m"},"output":[{"content":[{"\ud800 long enough":"\ud800"}]}]}""")]
    public void Field_name_with_a_lone_surrogate_affects_only_its_field(string json)
    {
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Failed, "m (code 5)"), (task.Status, task.Error?.ToString()));
    }

    [Theory]
    [InlineData("""{"error":{"\ud800 long enough to be a name":1}}""")]
    [InlineData("""{"detail":["\ud800"]}""")]
    public void Field_name_with_a_lone_surrogate_in_an_error_is_accepted(string json) => Assert.Equal(GatewayErrorKind.ServerError, Sample.ReadError(json, 500).Kind);

    [Fact]
    public void Invalid_UTF8_in_an_error_is_accepted()
    {
        var detail = new GatewayResponse { Status = 500, Body = Encoding.Latin1.GetBytes("""{"detail":["ÿ"]}""") };
        Assert.Equal(GatewayErrorKind.ServerError, Assert.Throws<GatewayException>(() => ReadOutcome.Of(detail, "t", Sample.Options)).Kind);
    }
}
