using System.Management.Automation;

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
        await Soon.Until(() => pipeline.Streams.Progress.Any(p => p.StatusDescription.StartsWith("3 done, 0 failed, 3 running of 6", StringComparison.Ordinal)));
        await Soon.Until(() => two.Counts.Reads >= 3);
        await PipelineStop.StopAsync(pipeline, running);
        Assert.Single(pipeline.Streams.Progress.GroupBy(p => p.ActivityId));
        Assert.Equal(["a", "a", "a"], shell.Run("(Get-MJSession -All).Undelivered").Texts("SourceJobId"));
    }

    [Fact]
    public async Task A_refusal_at_one_ends_the_wait_for_its_tasks_alone()
    {
        await using var one = await GatewayEmulator.StartAsync(TestKey.Options());
        await using var two = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Connect(one, two);
        two.Faults.Add(new Fault { Operation = Operation.Read, Kind = FaultKind.Status, Status = 401 });
        foreach (var cmdlet in new[] { "Wait-MJTask", "Get-MJTask" })
        {
            var result = shell.Run($"{cmdlet} $tasks");
            Assert.Equal(["MJ.Unauthorized"], result.ErrorIds);
            Assert.Equal(one.Tasks.Select(t => t.Id).Order(), result.Texts("Id").Order());
            Assert.Single(result.Warnings);
        }
        Assert.Equal(two.Tasks.Select(t => t.Id).Order(), shell.Run("$other.Undelivered").Texts("Id").Order());
        Assert.Empty(shell.Run("(Get-MJSession).Undelivered").Output);
    }

    [Theory]
    [InlineData("Wait-MJTask $tasks")]
    [InlineData("Get-MJTask $tasks")]
    public async Task A_session_that_is_removed_ends_the_pipeline_only_while_it_is_waited_for(string script)
    {
        await using var one = await GatewayEmulator.StartAsync(TestKey.Options());
        await using var two = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Connect(one, two);
        var session = shell.Run("$other").Output.Single();
        var result = shell.Run($"$script:left = 3; {script} | ForEach-Object {{ if ([uri]$_.BaseUri -eq $other.BaseUri -and --$script:left -eq 0) {{ Remove-MJSession $other }}; $_ }}").MustSucceed();
        Assert.Equal(6, result.Output.Count);
        Assert.False((bool)session.Properties["IsOpen"].Value);
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

    [Fact]
    public async Task The_end_of_a_task_is_written_into_the_journal_of_its_session()
    {
        await using var one = await GatewayEmulator.StartAsync(TestKey.Options());
        await using var two = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Connect(one, two);
        shell.Run("Wait-MJTask $tasks").MustSucceed();
        Assert.Equal(["Completed", "Completed", "Completed"], shell.Run("Get-MJTask").MustSucceed().Texts("Status"));
        Assert.Equal(["Completed", "Completed", "Completed"], shell.Run("Get-MJTask -Session $other").MustSucceed().Texts("Status"));
    }

    [Fact]
    public async Task The_key_of_another_session_is_no_ID_of_its_tasks()
    {
        await using var one = await GatewayEmulator.StartAsync(TestKey.Options());
        await using var two = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = new ModuleShell();
        var result = shell.Run($$"""
            $null = New-MJSession -ApiKey another-key-5678 -BaseUri {{two.BaseUri}} -NoJournal
            $null = New-MJSession -ApiKey {{TestKey.Value}} -BaseUri {{one.BaseUri}} -NoJournal
            [pscustomobject] @{ Id = 'another-key-5678'; BaseUri = '{{two.BaseUri}}' } | Get-MJTask
            """);
        Assert.Equal(["MJ.InvalidTaskId"], result.ErrorIds);
        Assert.DoesNotContain("another-key-5678", $"{result.Errors[0]} {PSObject.AsPSObject(result.Errors[0].TargetObject)}", StringComparison.Ordinal);
        Assert.Equal(0, two.Counts.Reads);
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
