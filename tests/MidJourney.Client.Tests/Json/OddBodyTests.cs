using System.Text;

namespace MidJourney.Client.Tests;

public sealed class OddBodyTests
{
    [Fact]
    public void A_byte_order_mark_does_no_harm() => Assert.Equal(MJTaskStatus.Completed, Sample.Read("\ufeff" + Sample.Completed).Status);

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
    public void What_is_no_object_is_no_task(string body)
    {
        var read = Sample.ReadError(body);
        Assert.Equal((GatewayErrorKind.InvalidResponse, true), (read.Kind, read.IsTransient));
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, Sample.Create(body).Error?.Kind);
    }

    [Fact]
    public void Too_deep_is_no_task()
    {
        var bomb = """{"id":"t","x":""" + string.Concat(Enumerable.Repeat("[", 100_000));
        Assert.Equal(GatewayErrorKind.InvalidResponse, Sample.ReadError(bomb).Kind);
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, Sample.Create(bomb).Error?.Kind);
        Assert.Equal(GatewayErrorKind.ServerError, Sample.ReadError(bomb, 500).Kind);
    }

    [Theory]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m","other":"\udfff"}}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m"},"metadata":{"\ud800":["\ud800"]}}""")]
    public void A_lone_surrogate_spoils_nothing_but_itself(string json)
    {
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Failed, "m (code 5)"), (task.Status, task.Error?.ToString()));
    }

    [Theory]
    [InlineData("""{"message":"\ud800"}""")]
    [InlineData("""{"error":"\ud800"}""")]
    public void A_lone_surrogate_in_an_error_is_borne(string json) => Assert.Equal(GatewayErrorKind.ServerError, Sample.ReadError(json, 500).Kind);

    [Fact]
    public void Bytes_that_are_no_utf8_are_borne()
    {
        var body = Encoding.Latin1.GetBytes("""{"id":"t","status":"failed","error":{"code":"5","message":"ÿ","ÿ":1},"detail":["ÿ"],"message":"ÿ"}""");
        var task = ReadOutcome.Of(new GatewayResponse { Status = 200, Body = body }, "t", Sample.BaseUri);
        Assert.Equal("5", task.Error?.Code);
    }
}
