namespace MidJourney.Tests;

/// <summary>One pipeline may hold tasks of several gateways: what happens at one of them is no matter of the others.</summary>
public sealed class SeveralGatewaysTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Tasks_of_two_gateways_are_waited_for_at_once_under_one_bar()
    {
        await using var one = await GatewayEmulator.StartAsync(TestKey.Options());
        await using var two = await StartNeverAsync();
        using var shell = Connect(one, two);
        using var pipeline = shell.Prepare("Wait-MJTask $tasks");
        var running = pipeline.BeginInvoke();
        await Soon.Until(() => pipeline.Streams.Progress.Any(p => p.StatusDescription.StartsWith("3 of 6 completed, ", StringComparison.Ordinal)));
        await Soon.Until(() => two.Counts.Reads >= 3);
        await PipelineStop.StopAsync(pipeline, running);
        Assert.Single(pipeline.Streams.Progress.GroupBy(p => p.ActivityId));
        Assert.Equal(["a", "a", "a"], shell.Run("(Get-MJSession -All).Undelivered").Texts("SourceJobId"));
    }

    [Fact]
    public async Task A_session_that_is_removed_while_it_is_waited_for_ends_the_pipeline()
    {
        await using var one = await StartNeverAsync();
        await using var two = await StartNeverAsync();
        using var shell = Connect(one, two);
        var session = shell.Run("$other").Output.Single();
        using var pipeline = shell.Prepare("Wait-MJTask $tasks");
        var running = pipeline.BeginInvoke();
        await Soon.Until(() => one.Counts.Reads >= 3 && two.Counts.Reads >= 3);
        using (var remover = new ModuleShell()) remover.Run("Remove-MJSession $session", ("session", session)).MustSucceed();
        await Task.Factory.FromAsync(running, pipeline.EndInvoke).WaitAsync(Guard);
        Assert.StartsWith("MJ.SessionEnded", Assert.Single(pipeline.Streams.Error).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(3, shell.Run("(Get-MJSession).Undelivered").Output.Count);
        Assert.Equal(3, shell.Run("$other.Undelivered").Output.Count);
    }

    private static async Task<GatewayEmulator> StartNeverAsync()
    {
        var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { Duration = TaskDuration.Never };
        return gateway;
    }

    /// <summary>A shell whose default session leads to one gateway, $other to two, and $tasks are three of each, by turns.</summary>
    private static ModuleShell Connect(GatewayEmulator one, GatewayEmulator two)
    {
        var shell = new ModuleShell();
        shell.Run($$"""
            $other = New-MJSession -ApiKey {{TestKey.Value}} -BaseUri {{two.BaseUri}} -JournalPath '{{TestFolder.NewFile(".jsonl")}}'
            $null = New-MJSession -ApiKey {{TestKey.Value}} -BaseUri {{one.BaseUri}} -JournalPath '{{TestFolder.NewFile(".jsonl")}}'
            $tasks = foreach ($i in 0..2) { Invoke-MJUpscale -JobId a -ImageNo $i -Type 0; Invoke-MJUpscale -JobId a -ImageNo $i -Type 0 -Session $other }
            """).MustSucceed();
        return shell;
    }
}
