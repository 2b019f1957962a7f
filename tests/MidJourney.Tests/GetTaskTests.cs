namespace MidJourney.Tests;

public sealed class GetTaskTests
{
    [Fact]
    public async Task Each_id_is_read_once_and_comes_out_in_input_order()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var ids = Enumerable.Range(0, 60).Select(i => gateway.AddTask($"j{i}").Id).ToArray();
        gateway.Faults.Add(new Fault { Operation = Operation.Read, TaskId = ids[0], Kind = FaultKind.Delay, Delay = TimeSpan.FromMilliseconds(300) });
        gateway.Settings.AnswerDelay = TimeSpan.FromMilliseconds(20);
        using var shell = ModuleShell.For(gateway, "-ThrottleLimit 4");
        var result = shell.Run("$ids | Get-MJTask", ("ids", ids)).MustSucceed();
        Assert.Equal(ids, result.Texts("Id"));
        Assert.Equal(60, gateway.Counts.Reads);
        Assert.Equal(4, gateway.Counts.MaxReadsInFlight);
    }

    [Fact]
    public async Task An_unknown_id_is_an_error_of_its_own()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var known = gateway.AddTask("j").Id;
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Get-MJTask nothing, $known", ("known", known));
        Assert.Equal(["MJ.TaskNotFound"], result.ErrorIds);
        Assert.Equal("nothing", $"{result.Errors[0].TargetObject}");
        Assert.Equal(known, result.Value("Id"));
    }

    [Theory]
    [InlineData("$id | Get-MJTask")]
    [InlineData("Get-MJTask -TaskId $id")]
    [InlineData("[pscustomobject] @{ Id = $id } | Get-MJTask")]
    [InlineData("[pscustomobject] @{ TaskId = $id; Status = 'x' } | Get-MJTask")]
    [InlineData("@{ Id = $id } | Get-MJTask")]
    [InlineData("Get-MJTask $id | Get-MJTask")]
    [InlineData("Get-MJTask (Get-MJTask $id)")]
    [InlineData("Wait-MJTask -Id (Get-MJTask $id)")]
    [InlineData(",@($id) | Get-MJTask")]
    public async Task An_id_is_taken_from_wherever_it_is(string script)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var id = gateway.AddTask("j").Id;
        using var shell = ModuleShell.For(gateway);
        Assert.Equal(id, shell.Run(script, ("id", id)).MustSucceed().Value("Id"));
    }

    [Fact]
    public async Task What_names_no_task_is_refused_and_the_rest_goes_on()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var id = gateway.AddTask("j").Id;
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("'', [pscustomobject] @{ Nothing = 1 }, $null, $id | Get-MJTask", ("id", id));
        Assert.Equal(["MJ.InvalidTaskId", "MJ.InvalidTaskId", "MJ.InvalidTaskId"], result.ErrorIds);
        Assert.Equal(id, result.Value("Id"));
    }

    [Fact]
    public async Task A_failed_task_is_put_out_and_reported()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var id = gateway.AddTask("j", shape: new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.Zero), Failure = TaskFailure.GenerationFailed }).Id;
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Get-MJTask $id", ("id", id));
        Assert.Equal(["MJ.GenerationFailed"], result.ErrorIds);
        Assert.Equal("Failed", result.Value("Status")!.ToString());
    }

    [Fact]
    public async Task A_read_that_fails_never_advises_to_pay_again()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        foreach (var status in new[] { 400, 402, 403, 410 })
        {
            gateway.Faults.Clear();
            gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = FaultKind.Status, Status = status });
            var advice = shell.Run("Get-MJTask x").Errors.Single().ErrorDetails.RecommendedAction;
            Assert.Contains("Do not submit it again", advice, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(FaultKind.Status)]
    [InlineData(FaultKind.CutBefore)]
    [InlineData(FaultKind.HalfBody)]
    [InlineData(FaultKind.NotJson)]
    public async Task A_passing_fault_is_waited_out(FaultKind kind)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var id = gateway.AddTask("j").Id;
        gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = kind, Times = 1 });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Get-MJTask $id -Verbose", ("id", id)).MustSucceed();
        Assert.Equal(id, result.Value("Id"));
        Assert.Equal(2, gateway.ReadsOf(id));
        Assert.Contains(result.Verbose, v => v.Contains("try 2", StringComparison.Ordinal));
    }
}
