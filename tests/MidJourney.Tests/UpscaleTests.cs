using System.Management.Automation;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

public sealed class UpscaleTests
{
    [Fact]
    public async Task A_task_comes_out_with_what_it_was_made_of()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Invoke-MJUpscale -JobId job-1 -ImageNo 2 -Type v5_2X -Callback https://example.org/done").MustSucceed();
        var made = gateway.Tasks.Single();
        Assert.Equal(("job-1", 2, 2, "https://example.org/done"), (made.JobId, made.ImageNo, made.Type, made.Callback));
        Assert.Equal(made.Id, result.Value("Id"));
        Assert.Equal("job-1", result.Value("SourceJobId"));
        Assert.Equal(2, result.Value("SourceImageNo"));
        Assert.Equal("V5_2x", result.Value("UpscaleType")!.ToString());
        Assert.Equal("InProgress", result.Value("Status")!.ToString());
        Assert.Null(result.Value("JobId"));
    }

    [Theory]
    [InlineData("0,2", new[] { 0, 2 })]
    [InlineData("'0,2'", new[] { 0, 2 })]
    [InlineData("'0;2'", new[] { 0, 2 })]
    [InlineData("' 1 ; 3 '", new[] { 1, 3 })]
    [InlineData("0,1,2,3", new[] { 0, 1, 2, 3 })]
    [InlineData("'0','3'", new[] { 0, 3 })]
    [InlineData("1,1", new[] { 1 })]
    [InlineData("3", new[] { 3 })]
    public async Task Each_image_makes_a_task(string imageNo, int[] images)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run($"Invoke-MJUpscale -JobId j -ImageNo {imageNo} -Type Standard").MustSucceed();
        Assert.Equal(images, gateway.Tasks.Select(t => t.ImageNo!.Value).Order());
    }

    [Fact]
    public async Task Rows_bind_by_property_name_and_bad_ones_do_not_stop_the_others()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("""
            $(
                [pscustomobject] @{ JobId = 'good1'; ImageNo = '0,2'; Type = 'creative' }
                foreach ($bad in '1.5', '4', '-1', '', 'x', '0,,1', '0,9') { [pscustomobject] @{ JobId = 'bad'; ImageNo = $bad; Type = 'Creative' } }
                [pscustomobject] @{ JobId = 'bad'; ImageNo = 1.5; Type = 'Creative' }
                [pscustomobject] @{ JobId = 'bad'; ImageNo = $null; Type = 'Creative' }
                [pscustomobject] @{ JobId = 'bad'; ImageNo = 0; Type = 'Huge' }
                [pscustomobject] @{ JobId = 'bad'; ImageNo = 0; Type = '4' }
                [pscustomobject] @{ JobId = 'bad'; ImageNo = 0; Type = '' }
                [pscustomobject] @{ JobId = ' '; ImageNo = 0; Type = '1' }
                [pscustomobject] @{ JobId = $null; ImageNo = 0; Type = '1' }
                [pscustomobject] @{ JobId = 'bad'; ImageNo = 0; Type = 1; Callback = 'ftp://example.org' }
                [pscustomobject] @{ JobId = 'bad'; ImageNo = 0; Type = 1; Callback = '/relative' }
                [pscustomobject] @{ JobId = 'good2'; ImageNo = 3; Type = 3; Callback = '' }
            ) | Invoke-MJUpscale
            """);
        Assert.Null(result.Thrown);
        Assert.Equal(
            [
                .. Enumerable.Repeat("MJ.InvalidImageNumber", 8), "MJ.ImageNumberMissing", "MJ.InvalidType", "MJ.InvalidType", "MJ.TypeMissing",
                "MJ.JobIdMissing", "MJ.JobIdMissing", "MJ.InvalidCallbackUrl", "MJ.InvalidCallbackUrl",
            ], result.ErrorIds);
        Assert.Equal([("good1", 0, 1), ("good1", 2, 1), ("good2", 3, 3)], gateway.Tasks.Select(t => (t.JobId!, t.ImageNo!.Value, t.Type!.Value)).Order());
        Assert.Equal(3, result.Output.Count);
        Assert.All(result.Errors, e => Assert.NotNull(e.ErrorDetails.RecommendedAction));
        Assert.Equal("1.5", ((PSObject)result.Errors[0].TargetObject).Properties["ImageNo"].Value is string[] cell ? cell[0] : null);
    }

    [Fact]
    public async Task A_row_without_a_column_is_an_error_of_its_own()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("[pscustomobject] @{ JobId = 'a'; ImageNo = 0 }, [pscustomobject] @{ JobId = 'b'; ImageNo = 0; Type = 0 } | Invoke-MJUpscale");
        Assert.Single(result.Errors);
        Assert.Equal("b", gateway.Tasks.Single().JobId);
    }

    [Fact]
    public async Task WhatIf_sends_nothing_and_needs_no_session()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0,1 -Type Creative -WhatIf").MustSucceed();
        Assert.Equal(0, gateway.Counts.Creates);
        using var bare = new ModuleShell();
        bare.Run("Invoke-MJUpscale -JobId j -ImageNo 0,1 -Type Creative -WhatIf").MustSucceed();
    }

    [Theory]
    [InlineData(8004005001, "MJ.JobIdMissing")]
    [InlineData(8004005002, "MJ.ImageNumberMissing")]
    [InlineData(8004005003, "MJ.InvalidImageNumber")]
    [InlineData(8004005004, "MJ.TypeMissing")]
    [InlineData(8004005005, "MJ.InvalidType")]
    [InlineData(8004005006, "MJ.InvalidCallbackUrl")]
    [InlineData(110001, "MJ.ContentRefused")]
    public async Task A_code_of_the_gateway_has_the_id_of_its_name(long code, string id)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Status, Status = 400, Code = code, Message = "no" });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0");
        Assert.Equal([id], result.ErrorIds);
        Assert.Contains(code.ToString(System.Globalization.CultureInfo.InvariantCulture), result.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Counts.Creates);
    }

    [Theory]
    [InlineData(403, BodyStyle.Detail, "MJ.Forbidden")]
    [InlineData(404, BodyStyle.Html, "MJ.EndpointNotFound")]
    [InlineData(500, BodyStyle.ErrorText, "MJ.SubmitOutcomeUnknown")]
    [InlineData(502, BodyStyle.Html, "MJ.SubmitOutcomeUnknown")]
    [InlineData(503, BodyStyle.Empty, "MJ.SubmitOutcomeUnknown")]
    [InlineData(504, BodyStyle.Message, "MJ.SubmitOutcomeUnknown")]
    public async Task A_refused_or_lost_create_is_not_repeated(int status, BodyStyle body, string id)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, JobId = "bad", Kind = FaultKind.Status, Status = status, Body = body });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("'bad', 'good' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 1; Type = 'Creative' } } | Invoke-MJUpscale");
        Assert.Equal([id], result.ErrorIds);
        Assert.Equal(2, gateway.Counts.Creates);
        Assert.Equal("good", result.Value("SourceJobId"));
    }

    [Theory]
    [InlineData(FaultKind.CutBefore, 0)]
    [InlineData(FaultKind.CutAfter, 1)]
    [InlineData(FaultKind.HalfBody, 1)]
    [InlineData(FaultKind.NotJson, 1)]
    public async Task A_create_whose_answer_is_lost_is_reported_and_never_sent_again(FaultKind kind, int made)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = kind });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Invoke-MJUpscale -JobId job-9 -ImageNo 3 -Type V5_4x");
        Assert.Equal(["MJ.SubmitOutcomeUnknown"], result.ErrorIds);
        Assert.Equal((1, made), ((int)gateway.Counts.Creates, (int)gateway.Counts.TasksMade));
        var error = result.Errors.Single();
        foreach (var word in new[] { "job-9", "image 3", "V5_4x", "pay twice" }) Assert.Contains(word, error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains(kind == FaultKind.HalfBody ? "Wait-MJTask" : "Get-MJTask -Status OutcomeUnknown | Resolve-MJTask", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("job-9", ((PSObject)error.TargetObject).Properties["SourceJobId"].Value);
        Assert.Null(((PSObject)error.TargetObject).Properties["JobId"]);
    }

    [Theory]
    [InlineData(429, null)]
    [InlineData(429, "0")]
    public async Task A_create_that_was_put_off_is_sent_again(int status, string? retryAfter)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Status, Status = status, RetryAfter = retryAfter, Times = 1 });
        using var shell = ModuleShell.For(gateway);
        shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0").MustSucceed();
        Assert.Equal((2, 1), ((int)gateway.Counts.Creates, (int)gateway.Counts.TasksMade));
    }

    [Fact]
    public async Task What_was_refused_can_be_piped_in_again()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, JobId = "b", Kind = FaultKind.Status, Status = 400, Times = 1 });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("""
            'a', 'b' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 1; Type = 'Creative' } } | Invoke-MJUpscale -ErrorVariable refused -ErrorAction SilentlyContinue
            $refused.TargetObject | Invoke-MJUpscale
            """);
        Assert.Equal(["a", "b"], result.Texts("SourceJobId"));
        Assert.Equal((2, 1, 1), (gateway.Tasks.Count, gateway.Tasks[1].ImageNo!.Value, gateway.Tasks[1].Type!.Value));
    }

    [Fact]
    public async Task Up_to_ThrottleLimit_creates_are_in_flight_and_never_more()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(clock: clock));
        using var shell = ModuleShell.For(gateway, "-ThrottleLimit 5");
        // Until a session has its first answer, one is in flight.
        shell.Run("Invoke-MJUpscale first -ImageNo 0 -Type 0").MustSucceed();
        gateway.Settings.AnswerDelay = TimeSpan.FromSeconds(1);
        var running = Task.Run(() => shell.Run("1..40 | ForEach-Object { [pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale"));
        await Soon.Until(() => gateway.Counts.InFlight == 5);
        await Soon.Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return running.IsCompleted;
        });
        Assert.Equal(40, (await running).MustSucceed().Output.Count);
        Assert.Equal(5, gateway.Counts.MaxCreatesInFlight);
    }

    [Fact]
    public async Task Tasks_come_out_while_input_still_arrives()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway, "-ThrottleLimit 2");
        var result = shell.Run("""
            $seen = [System.Collections.Generic.List[string]]::new()
            1..10 | ForEach-Object { $seen.Add("in $_"); [pscustomobject] @{ JobId = "j$_"; ImageNo = 0; Type = 0 } } |
                Invoke-MJUpscale | ForEach-Object { $seen.Add('out') }
            $seen
            """).MustSucceed();
        var order = result.Output.Select(o => o.ToString()).ToList();
        Assert.True(order.IndexOf("out") < order.IndexOf("in 4"), string.Join(", ", order));
    }

    [Fact]
    public async Task With_Wait_the_ended_task_comes_out()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Invoke-MJUpscale -JobId j -ImageNo 0,1 -Type Creative -Wait").MustSucceed();
        Assert.Equal(["Completed", "Completed"], result.Texts("Status"));
        Assert.Equal(["j", "j"], result.Texts("SourceJobId"));
    }

    [Fact]
    public async Task A_task_object_given_as_the_job_id_stands_for_the_job_of_its_result()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("$done = Invoke-MJUpscale -JobId a -ImageNo 0 -Type 0 -Wait; $done; Invoke-MJUpscale $done -ImageNo 1 -Type 0; Invoke-MJUpscale ([pscustomobject] @{ x = 1 }) -ImageNo 1 -Type 0");
        Assert.Equal(result.Output[0].Properties["JobId"].Value, result.Output[1].Properties["SourceJobId"].Value);
        Assert.Equal(["MJ.JobIdMissing"], result.ErrorIds);
    }

    [Fact]
    public void The_types_are_completed()
    {
        using var shell = new ModuleShell();
        var all = shell.Run("$line = 'Invoke-MJUpscale -Type '; (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText").MustSucceed();
        Assert.Equal(["Standard", "Creative", "V5_2x", "V5_4x"], all.Output.Select(o => o.ToString()));
        var some = shell.Run("$line = 'Invoke-MJUpscale -Type v5'; (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText").MustSucceed();
        Assert.Equal(["V5_2x", "V5_4x"], some.Output.Select(o => o.ToString()));
    }
}
