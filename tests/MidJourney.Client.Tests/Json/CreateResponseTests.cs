namespace MidJourney.Client.Tests;

public sealed class CreateResponseTests
{
    [Fact]
    public void Usual_response_gives_a_task_with_its_origin()
    {
        var task = Sample.Create(Sample.Created).Task!;
        Assert.Equal("d758n65e878c73cmdg20", task.Id);
        Assert.Equal(MJTaskStatus.InProgress, task.Status);
        Assert.Equal("midjourney_upscale", task.Model);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1710000000), task.CreatedAt);
        Assert.Equal(("job-1", 2, UpscaleType.Creative), (task.SourceJobId, task.SourceImageNo, task.UpscaleType));
        Assert.Null(task.JobId);
        Assert.Null(task.Error);
    }

    [Theory]
    [InlineData("""{"task_id":"t1","status":"in_progress"}""")]
    [InlineData("""{"id":"t1"}""")]
    [InlineData("""{"id":null,"task_id":"t1"}""")]
    [InlineData("""{"id":"","task_id":"t1"}""")]
    [InlineData("""{"id":"t1","task_id":"other"}""")]
    [InlineData("""{"id":"t1","error":null}""")]
    [InlineData("""{"id":"t1","error":{"code":0,"message":""}}""")]
    public void Id_is_found_in_every_shape(string json) => Assert.Equal("t1", Sample.Create(json).Task?.Id);

    [Fact]
    public void Numeric_id_is_kept_as_text() => Assert.Equal("12345678901234567890", Sample.Create("""{"id":12345678901234567890}""").Task?.Id);

    [Fact]
    public void Unknown_fields_are_kept_in_Raw()
    {
        var task = Sample.Create("""{"id":"t1","status":"in_progress","eta":{"seconds":[30]},"output":[],"usage":null}""").Task!;
        Assert.Contains("\"eta\":{\"seconds\":[30]}", task.Raw, StringComparison.Ordinal);
        Assert.Empty(task.Output);
        Assert.Null(task.Usage);
    }

    [Fact]
    public void Task_that_failed_at_once_is_returned()
    {
        var task = Sample.Create("""{"id":"t1","status":"failed","error":{"code":8004005099,"error_message":"provider unavailable"}}""").Task!;
        Assert.Equal(MJTaskStatus.Failed, task.Status);
        Assert.Equal("ProviderUnavailable", task.Error?.Name);
    }

    [Theory]
    [InlineData("""{"error":{"code":8004005003,"error_message":"invalid image number"}}""", GatewayErrorKind.InvalidImageNumber, "8004005003", "invalid image number")]
    [InlineData("""{"error":{"code":"8004005003","message":"invalid image number"}}""", GatewayErrorKind.InvalidImageNumber, "8004005003", "invalid image number")]
    [InlineData("""{"id":"","error":{"code":110001,"message":"refused by moderation"}}""", GatewayErrorKind.ContentRefused, "110001", "refused by moderation")]
    [InlineData("""{"id":null,"error":"no such job"}""", GatewayErrorKind.GatewayRefused, null, "no such job")]
    [InlineData("""{"error":{"message":"no such job"}}""", GatewayErrorKind.GatewayRefused, null, "no such job")]
    [InlineData("""{"error":{"code":"E42"}}""", GatewayErrorKind.GatewayRefused, "E42", null)]
    [InlineData("""{"success":false,"message":"no such job"}""", GatewayErrorKind.GatewayRefused, null, "no such job")]
    [InlineData("""{"code":4001,"msg":"no such job","data":{}}""", GatewayErrorKind.GatewayRefused, "4001", "no such job")]
    [InlineData("""{"code":"FAIL","msg":"no such job"}""", GatewayErrorKind.GatewayRefused, "FAIL", "no such job")]
    [InlineData("""{"code":8004005001,"message":"job id missing"}""", GatewayErrorKind.JobIdMissing, "8004005001", "job id missing")]
    [InlineData("""{"status":{"code":402,"message":"no money","error_code":40201},"data":null}""", GatewayErrorKind.InsufficientBalance, "40201", "no money")]
    public void Error_without_an_id_is_a_refusal(string json, object kind, string? code, string? message)
    {
        var outcome = Sample.Create(json);
        Assert.Null(outcome.Task);
        Assert.False(outcome.MayRetry);
        Assert.Equal(kind, outcome.Error!.Kind);
        Assert.Equal((code, message), (outcome.Error.Error?.Code, outcome.Error.Error?.Message));
        Assert.Contains("job job-1, image 2, type Creative", outcome.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"status":"in_progress"}""")]
    [InlineData("""{"message":"the task was accepted"}""")]
    [InlineData("""{"detail":"no such job"}""")]
    [InlineData("""{"code":200,"message":"success","data":null}""")]
    [InlineData("""{"code":"SUCCESS","message":"success","data":{}}""")]
    [InlineData("""{"status":{"code":200,"message":"success"},"data":{}}""")]
    [InlineData("""{"success":true,"error":0}""")]
    [InlineData("""{"id":"","error":null}""")]
    [InlineData("""{"error":{"code":0,"message":"ok"}}""")]
    [InlineData("""{"error":{}}""")]
    [InlineData("""{"id":["t1"]}""")]
    [InlineData("""{"id":"\ud800"}""")]
    public void Neither_id_nor_error_is_an_unknown_outcome(string json) =>
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, Sample.Create(json).Error?.Kind);
}
