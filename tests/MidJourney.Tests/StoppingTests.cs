namespace MidJourney.Tests;

/// <summary>However a pipeline ends before its time, it ends at once, leaves nothing behind, and the shell lives on.</summary>
public sealed class StoppingTests
{
    [Theory]
    [InlineData("Invoke-MJUpscale -JobId j -ImageNo 0,1,2,3 -Type 0", Operation.Create)]
    [InlineData("1..100 | ForEach-Object { [pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale | Wait-MJTask", Operation.Create)]
    [InlineData("Get-MJTask a, b, c", Operation.Read)]
    [InlineData("'a', 'b' | Wait-MJTask", Operation.Read)]
    [InlineData("Test-MJSession", Operation.Read)]
    [InlineData("Measure-MJCost -Bill", Operation.Bill)]
    [InlineData("Invoke-MJDiffusion x -Estimate", Operation.Precharge)]
    public async Task Stop_ends_a_pipeline_whose_requests_hang(string script, Operation operation)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = operation, Kind = FaultKind.Stall });
        using var shell = ModuleShell.For(gateway, PipelineStop.Patient);
        using (var pipeline = shell.Prepare(script))
        {
            var running = pipeline.BeginInvoke();
            await Soon.Until(() => gateway.Counts.InFlight > 0);
            await PipelineStop.StopAsync(pipeline, running);
        }
        if (operation is Operation.Read or Operation.Bill) await Soon.Until(() => gateway.Counts.InFlight == 0);
        gateway.Faults.Clear();
        shell.Run("Invoke-MJUpscale -JobId after -ImageNo 0 -Type 0 | Wait-MJTask").MustSucceed();
    }

    [Fact]
    public async Task Stop_ends_a_wait_for_tasks_that_run()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { Duration = TaskDuration.Never };
        using var shell = ModuleShell.For(gateway, PipelineStop.Patient);
        using var pipeline = shell.Prepare("1..50 | ForEach-Object { [pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale | Wait-MJTask");
        var running = pipeline.BeginInvoke();
        await Soon.Until(() => gateway.Counts.Reads >= 50);
        await PipelineStop.StopAsync(pipeline, running);
        await Soon.Until(() => gateway.Counts.InFlight == 0);
        // What was on its way may still arrive; fifty tasks that were still waited for would be read again and again.
        var reads = -1L;
        for (var look = 0; look < 50 && reads != gateway.Counts.Reads; look++)
        {
            reads = gateway.Counts.Reads;
            await Task.Delay(600);
        }
        Assert.Equal(reads, gateway.Counts.Reads);
    }

    [Fact]
    public async Task Stop_ends_a_create_that_waits_for_its_turn_and_sends_it_no_more()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Status, Status = 429, RetryAfter = "500" });
        using var shell = ModuleShell.For(gateway, PipelineStop.Patient);
        using var pipeline = shell.Prepare("Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0");
        var running = pipeline.BeginInvoke();
        await Soon.Until(() => gateway.Counts.TooManyRequests == 1);
        await PipelineStop.StopAsync(pipeline, running);
        Assert.Equal((1, 0), ((int)gateway.Counts.Creates, (int)gateway.Counts.TasksMade));
    }

    [Theory]
    [InlineData("ForEach-Object { throw 'enough' }")]
    [InlineData("ForEach-Object { if (++$script:n -ge 5) { break } }")]
    public async Task A_downstream_end_stops_the_submitting(string downstream)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway, $"{PipelineStop.Patient} -ThrottleLimit 4");
        shell.Run($"$script:n = 0; foreach ($once in 1) {{ 1..10000 | ForEach-Object {{ [pscustomobject] @{{ JobId = \"j$_\"; ImageNo = 0; Type = 0 }} }} | Invoke-MJUpscale | {downstream} }}");
        await Soon.Until(() => gateway.Counts.InFlight == 0);
        Assert.InRange(gateway.Counts.TasksMade, 1, 5 + 4);
        shell.Run("Invoke-MJUpscale -JobId after -ImageNo 0 -Type 0 | Wait-MJTask").MustSucceed();
    }

    [Fact]
    public async Task Stopping_leaves_no_threads_and_no_connections_behind()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { Duration = TaskDuration.Never };
        using var shell = ModuleShell.For(gateway, $"{PipelineStop.Patient} -ThrottleLimit 4");
        for (var i = 0; i < 20; i++)
        {
            using var pipeline = shell.Prepare($"1..20 | ForEach-Object {{ [pscustomobject] @{{ JobId = \"j{i}-$_\"; ImageNo = 0; Type = 0 }} }} | Invoke-MJUpscale | Wait-MJTask");
            // Before it begins: all twenty may be made by the time that this thread runs again.
            var made = gateway.Counts.TasksMade;
            var running = pipeline.BeginInvoke();
            await Soon.Until(() => gateway.Counts.TasksMade > made);
            await PipelineStop.StopAsync(pipeline, running);
        }
        await Soon.Until(() => gateway.Counts.InFlight == 0);
        Assert.InRange(gateway.Counts.Connections, 0, 4);
        Assert.Equal(0, shell.Run("Get-MJSession").Value("InFlight"));
    }
}
