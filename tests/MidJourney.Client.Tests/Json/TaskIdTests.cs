namespace MidJourney.Client.Tests;

public sealed class TaskIdTests
{
    [Theory]
    [InlineData("""{"id":"t","status":"in_progress"}""")]
    [InlineData("""{"task_id":"t","status":"in_progress"}""")]
    [InlineData("""{"id":"request-1","taskId":"t","status":"in_progress"}""")]
    [InlineData("""{"status":"in_progress"}""")]
    [InlineData("""{"status":"completed","model":"midjourney_upscale"}""")]
    public void Read_keeps_the_requested_id(string json) => Assert.Equal("t", Sample.Read(json).Id);

    [Theory]
    [InlineData("""{"id":"other","status":"completed"}""")]
    [InlineData("""{"id":17,"status":"in_progress"}""")]
    [InlineData("""{"id":"T","status":"in_progress"}""")]
    [InlineData("""{"code":200,"data":{"id":"other","status":"in_progress"}}""")]
    [InlineData("""{"status":"success","message":"hello"}""")]
    [InlineData("""{"status":"error","message":"internal"}""")]
    public void Response_about_something_else_is_not_the_task(string json)
    {
        var error = Sample.ReadError(json);
        Assert.Equal((GatewayErrorKind.InvalidResponse, true), (error.Kind, error.IsTransient));
    }

    [Fact]
    public void Id_of_more_than_512_characters_is_invalid()
    {
        var (longest, longer) = (new string('x', 512), new string('x', 513));
        Assert.Equal(longest, Sample.Create($$"""{"id":"{{longest}}"}""").Task?.Id);
        var create = Sample.Create($$"""{"id":"{{longer}}","error":{"code":5,"message":"busy"} }""");
        Assert.Equal((GatewayErrorKind.SubmitOutcomeUnknown, null), (create.Error?.Kind, create.Error?.ProbableTaskId));
        Assert.InRange(create.Error!.Message.Length, 1, 500);
        Assert.Equal(GatewayErrorKind.InvalidResponse, Sample.ReadError($$"""{"id":"{{longer}}","status":"completed"}""").Kind);
        Assert.Null(Sample.Read($$"""{"id":"t","status":"completed","output":[{"content":[{"url":"https://f.test/1","jobId":"{{longer}}"}]}]}""").JobId);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":null}""")]
    [InlineData("""{"status":7}""")]
    [InlineData("""{"status":{"code":402,"message":"no money","error_code":40201},"data":null}""")]
    [InlineData("""{"error":{"code":5,"message":"busy"}}""")]
    public void Response_200_without_a_task_is_transient(string json)
    {
        var error = Sample.ReadError(json);
        Assert.Equal(GatewayErrorKind.InvalidResponse, error.Kind);
        Assert.True(error.IsTransient);
    }
}
