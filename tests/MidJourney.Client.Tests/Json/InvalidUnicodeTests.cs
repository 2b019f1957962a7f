using System.Text;

namespace MidJourney.Client.Tests;

public sealed class InvalidUnicodeTests
{
    [Theory]
    [InlineData("""{"id":"t","status":"failed","\ud800":1,"error":{"code":"5","message":"m"}}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m","\ud800":1}}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m"},"usage":{"\ud800\ud800\ud800\ud800\ud800":1}}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m"},"output":[{"\ud800 long enough":[{"\ud800 long enough":1}]}]}""")]
    [InlineData("""{"id":"t","status":"failed","error":{"code":"5","message":"m"},"output":[{"content":[{"\ud800 long enough":"\ud800"}]}]}""")]
    public void A_name_with_a_lone_surrogate_spoils_nothing_but_itself(string json)
    {
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Failed, "m (code 5)"), (task.Status, task.Error?.ToString()));
    }

    [Theory]
    [InlineData("""{"error":{"\ud800 long enough to be a name":1}}""")]
    [InlineData("""{"detail":["\ud800"]}""")]
    public void A_name_with_a_lone_surrogate_in_an_error_is_borne(string json) => Assert.Equal(GatewayErrorKind.ServerError, Sample.ReadError(json, 500).Kind);

    [Fact]
    public void Bytes_that_are_no_utf8_in_an_errors_detail_are_borne()
    {
        var detail = new GatewayResponse { Status = 500, Body = Encoding.Latin1.GetBytes("""{"detail":["ÿ"]}""") };
        Assert.Equal(GatewayErrorKind.ServerError, Assert.Throws<GatewayException>(() => ReadOutcome.Of(detail, "t", Sample.BaseUri)).Kind);
    }
}
