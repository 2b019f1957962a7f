namespace MidJourney.Client.Tests;

/// <summary>A task is found in an envelope, and the fields around it are not taken for its own.</summary>
public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("""{"status":{"code":200,"message":"success"},"data":{"id":"d7x"}}""")]
    [InlineData("""{"code":200,"message":"success","data":{"id":"d7x","status":"pending"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"d7x"}}""")]
    [InlineData("""{"code":"0","msg":"ok","task":{"taskId":"d7x"}}""")]
    [InlineData("""{"success":true,"result":{"id":"d7x"}}""")]
    [InlineData("""{"taskId":"d7x"}""")]
    [InlineData("""{"id":null,"data":{"id":"d7x"}}""")]
    [InlineData("""{"id":"","data":{"id":"d7x"},"user":{"id":"u1"}}""")]
    [InlineData("""{"error":{"code":5,"message":"late","id":"e1"},"data":{"id":"d7x"}}""")]
    [InlineData("""{"code":500,"success":false,"data":{"id":"d7x"}}""")]
    [InlineData("""{"id":"d7x","id":null}""")]
    public void Id_of_a_created_task_is_found_in_an_envelope(string json)
    {
        var task = Sample.Create(json).Task;
        Assert.Equal(("d7x", false, "midjourney_upscale"), (task?.Id, task?.IsEnded(), task?.Model));
        Assert.Equal("d7x", TaskReader.FromRaw(task!.Raw!)?.Id);
    }

    [Theory]
    [InlineData("""{"data":[{"id":"d7x"}]}""", "d7x")]
    [InlineData("""{"data":{"task":{"id":"d7x"}}}""", "d7x")]
    [InlineData("""{"response":{"task_id":"d7x"}}""", "d7x")]
    [InlineData("""[{"id":"d7x"}]""", "d7x")]
    [InlineData("""{"Code":200,"Data":{"Id":"d7x"}}""", "d7x")]
    [InlineData("""{"TASK_ID":"d7x"}""", "d7x")]
    [InlineData("""{"data":{"TaskID":"d7x"}}""", "d7x")]
    [InlineData("""{"code":0,"data":"d7x"}""", "d7x")]
    [InlineData("""{"code":0,"msg":"ok","result":1320098173412546}""", "1320098173412546")]
    [InlineData("""{"code":0,"data":"the task was queued"}""", null)]
    [InlineData("""{"status":"success","data":"success","result":true}""", null)]
    [InlineData("""{"error":{"id":"e1"},"status":{"id":"s1"},"user":{"id":"u1"}}""", null)]
    [InlineData("""{"data":{"user":{"id":"u1"}}}""", null)]
    public void Id_elsewhere_is_only_probable(string json, string? probable)
    {
        var error = Sample.Create(json).Error;
        Assert.Equal((GatewayErrorKind.SubmitOutcomeUnknown, probable), (error?.Kind, error?.ProbableTaskId));
    }

    [Theory]
    [InlineData(400, """{"data":{"id":"d7x"},"message":"what?"}""")]
    [InlineData(402, """{"id":"d7x"}""")]
    [InlineData(429, """{"task":{"id":"d7x"},"message":"slow down"}""")]
    [InlineData(500, """{"error":"internal","data":{"task_id":"d7x"}}""")]
    public void Response_with_a_task_id_is_never_a_refusal(int status, string json)
    {
        var verdict = Sample.Create(json, status);
        Assert.Equal((GatewayErrorKind.SubmitOutcomeUnknown, "d7x", false), (verdict.Error?.Kind, verdict.Error?.ProbableTaskId, verdict.MayRetry));
    }

    [Theory]
    [InlineData("""{"id":"d7x","status":"success","message":"task created"}""")]
    [InlineData("""{"status":"success","data":{"id":"d7x"}}""")]
    [InlineData("""{"status":"completed","data":{"id":"d7x","status":"done"}}""")]
    public void Success_of_a_create_does_not_end_its_task(string json) => Assert.False(Sample.Create(json).Task!.IsEnded());

    [Theory]
    [InlineData("""{"code":200,"message":"success","data":TASK}""")]
    [InlineData("""{"status":{"code":200,"message":"success"},"task":TASK}""")]
    [InlineData("""{"status":"success","result":TASK}""")]
    [InlineData("""{"id":"request-9","code":0,"data":TASK}""")]
    public void Task_is_read_from_an_envelope_and_Raw_round_trips(string envelope)
    {
        var json = envelope.Replace("TASK", Sample.Completed, StringComparison.Ordinal);
        var task = Sample.Read(json);
        Assert.Equal((MJTaskStatus.Completed, "completed", "https://files.test/a.png", "job-2", 0.05m), (task.Status, task.RawStatus, task.Url, task.JobId, task.Cost));
        Assert.Equal(1710000001L, task.Metadata["in_queue_at"]);
        Assert.Null(task.Error);
        Assert.Equal(json, task.Raw);
        var again = TaskReader.FromRaw(task.Raw!, task.Id)!;
        Assert.Equal((task.Id, task.Status, task.Url, task.Cost), (again.Id, again.Status, again.Url, again.Cost));
    }

    [Theory]
    [InlineData("[TASK]")]
    [InlineData("""[{"id":"other","status":"failed"},TASK]""")]
    [InlineData("""{"code":200,"data":[TASK]}""")]
    [InlineData("""{"id":"request-9","result":[{"id":"other"},TASK]}""")]
    public void Requested_task_is_read_from_a_list(string list)
    {
        var task = Sample.Read(list.Replace("TASK", Sample.Completed, StringComparison.Ordinal));
        Assert.Equal((MJTaskStatus.Completed, "https://files.test/a.png", "job-2", 0.05m), (task.Status, task.Url, task.JobId, task.Cost));
        Assert.Equal((task.Status, task.Url, task.Cost), TaskReader.FromRaw(task.Raw!, task.Id) is { } again ? (again.Status, again.Url, again.Cost) : default);
    }

    [Fact]
    public void Error_of_a_wrapped_task_is_its_own()
    {
        var json = $$"""{"code":200,"message":"success","data":{{Sample.Failed}}}""";
        Assert.Equal((MJTaskStatus.Failed, "the generation process failed"), (Sample.Read(json).Status, Sample.Read(json).Error?.Message));
        var silent = Sample.Read("""{"code":200,"message":"success","data":{"id":"t","status":"failed"}}""");
        Assert.Equal((MJTaskStatus.Failed, null), (silent.Status, silent.Error?.Message));
    }

    [Fact]
    public void Fields_may_be_in_an_envelope_beside_an_id_at_the_root()
    {
        var task = Sample.Read("""{"id":"t","code":200,"data":{"status":"completed","output":[{"content":[{"url":"https://f.test/1"}]}]}}""");
        Assert.Equal((MJTaskStatus.Completed, "https://f.test/1"), (task.Status, task.Url));
    }
}
