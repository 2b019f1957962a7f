using System.Management.Automation;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>What was accepted, and is paid, stays within reach when a pipeline ends before its time.</summary>
public sealed class UndeliveredTests
{
    [Theory]
    [InlineData("Invoke-MJUpscale | Wait-MJTask", "")]
    [InlineData("Invoke-MJUpscale | Wait-MJTask", "-NoJournal")]
    [InlineData("Invoke-MJUpscale -Wait", "-NoJournal")]
    [InlineData("Invoke-MJUpscale | ForEach-Object { $_ } | Wait-MJTask | Save-MJOutput", "-NoJournal")]
    public async Task Stop_in_the_wait_keeps_exactly_what_has_not_come_out(string script, string parameters)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(60, clock));
        gateway.Shapes.Set("early", new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.FromSeconds(1)) });
        using var shell = ModuleShell.For(gateway, $"{PipelineStop.Patient} {parameters}");
        var session = shell.Run("Get-MJSession").Output.Single();
        var (early, output) = (script.Contains("Save", StringComparison.Ordinal) ? 0 : 9, new PSDataCollection<PSObject>());
        using (var pipeline = shell.Prepare($"1..159 | ForEach-Object {{ [pscustomobject] @{{ JobId = $(if ($_ -le {early}) {{ 'early' }} else {{ \"j$_\" }}); ImageNo = 0; Type = 0 }} }} | {script}"))
        {
            var running = pipeline.BeginInvoke<PSObject, PSObject>(null, output);
            await Soon.Until(() => gateway.Counts.TasksMade == 159);
            clock.Advance(TimeSpan.FromSeconds(2));
            await Soon.Until(() => output.Count == early && gateway.Counts.Reads > 159);
            await PipelineStop.StopAsync(pipeline, running);
        }
        await Soon.Until(() => gateway.Counts.InFlight == 0);
        var held = shell.Run("$session.Undelivered", ("session", session)).Texts("Id");
        Assert.Equal(gateway.Tasks.Select(t => t.Id).Except(output.Select(o => (string)o.Properties["Id"].Value)).Order(), held.Order());
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(held.Order(), shell.Run("(Get-MJSession).Undelivered | Wait-MJTask").MustSucceed().Texts("Id").Order());
        Assert.Empty(shell.Run("(Get-MJSession).Undelivered").MustSucceed().Output);
    }

    [Fact]
    public async Task Stop_in_a_read_keeps_what_was_not_read()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = FaultKind.Stall });
        using var shell = ModuleShell.For(gateway, $"{PipelineStop.Patient} -NoJournal -ThrottleLimit 4");
        using (var pipeline = shell.Prepare("1..40 | ForEach-Object { [pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale | Get-MJTask"))
        {
            var running = pipeline.BeginInvoke();
            await Soon.Until(() => gateway.Counts.InFlight > 0 && gateway.Counts.Reads > 0);
            await PipelineStop.StopAsync(pipeline, running);
        }
        gateway.Faults.Clear();
        await Soon.Until(() => gateway.Counts.InFlight == 0 && shell.Run("(Get-MJSession).Undelivered").Texts("Id").Order().SequenceEqual(gateway.Tasks.Select(t => t.Id).Order()));
    }
}
