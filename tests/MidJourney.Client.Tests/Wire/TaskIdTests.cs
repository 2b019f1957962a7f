namespace MidJourney.Client.Tests;

public sealed class TaskIdTests
{
    [Theory]
    [InlineData("""{"id":"other","status":"in_progress"}""")]
    [InlineData("""{"task_id":"t","status":"in_progress"}""")]
    [InlineData("""{"status":"in_progress"}""")]
    [InlineData("""{"id":17,"status":"in_progress"}""")]
    public void A_read_keeps_the_id_that_was_asked_for(string json) => Assert.Equal("t", Sample.Read(json).Id);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"status":7}""")]
    [InlineData("""{"status":{"code":402,"message":"no money","error_code":40201},"data":null}""")]
    [InlineData("""{"error":{"code":5,"message":"busy"}}""")]
    public void A_200_without_a_task_may_pass(string json)
    {
        var error = Sample.ReadError(json);
        Assert.Equal(GatewayErrorKind.InvalidResponse, error.Kind);
        Assert.True(error.IsTransient);
    }
}
