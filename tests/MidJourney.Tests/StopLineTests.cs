using System.Management.Automation;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>A pipeline that ends before its time says in one line where things stand and how to go on, and that line works.</summary>
public sealed class StopLineTests
{
    private const string Rows = "1..5 | ForEach-Object { [pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 0 } }";

    private const string Slow = "ForEach-Object { $_; if (++$global:n -eq 5) { while ($true) { [Threading.Thread]::Sleep(5) } } }";

    private readonly TestHost _host = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly string _folder = TestFolder.NewFile("");

    [Theory]
    [InlineData($"{Rows} | Invoke-MJUpscale | {Slow}", "Get-MJTask -Status InProgress, Pending | Wait-MJTask")]
    [InlineData($"{Rows} | Invoke-MJUpscale | {Slow} | Wait-MJTask", "Get-MJTask -Status InProgress, Pending | Wait-MJTask")]
    [InlineData($"{Rows} | Invoke-MJUpscale | Wait-MJTask", "(Get-MJSession).Undelivered | Wait-MJTask", "-NoJournal")]
    [InlineData($"{Rows} | Invoke-MJUpscale -Wait", "(Get-MJSession).Undelivered | Wait-MJTask", "-NoJournal")]
    [InlineData($"{Rows} | Invoke-MJUpscale -Wait", "Get-MJTask -Status InProgress, Pending | Wait-MJTask")]
    [InlineData($"{Rows} | Invoke-MJUpscale | Wait-MJTask | ForEach-Object {{ $_ }} | Save-MJOutput -Path $folder -NameTemplate 'job {{JobId}}'", "Get-MJTask -Status InProgress, Pending | Wait-MJTask | Save-MJOutput -Path FOLDER -NameTemplate 'job {JobId}'")]
    [InlineData($"{Rows} | ForEach-Object {{ $_ | Invoke-MJUpscale }} | Wait-MJTask", "Get-MJTask -Status InProgress, Pending | Wait-MJTask")]
    [InlineData($"$null = New-MJSession -ApiKey {TestKey.Value} -BaseUri http://127.0.0.1:1 -NoJournal; {Rows} | Invoke-MJUpscale -Session $session -Wait", "(Get-MJSession -All).Undelivered | Wait-MJTask")]
    public async Task Ctrl_C_tells_how_many_tasks_continue_and_how_to_go_on(string script, string command, string parameters = "")
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(60, _clock));
        using var shell = Shell(gateway, parameters);
        // Each has been returned, or read by the wait.
        await StopAsync(shell, script, output => Soon.Until(() => gateway.Tasks.Count == 5 && (output.Count == 5 || gateway.Tasks.All(t => gateway.ReadsOf(t.Id) > 0))));
        Assert.Equal($"Stopped. 5 tasks continue at the gateway. To go on: {command.Replace("FOLDER", _folder, StringComparison.Ordinal)}", Assert.Single(_host.ErrorLines));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(5, shell.Run(_host.ErrorLines[0].Split("To go on: ")[1]).MustSucceed().Output.Count);
    }

    [Fact]
    public async Task Ctrl_C_while_files_are_saved_tells_what_was_spent_and_what_is_not_saved()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(60, _clock));
        foreach (var job in new[] { "j1", "j2" }) gateway.Shapes.Set(job, new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.FromSeconds(1)) });
        gateway.Faults.Add(new Fault { Operation = Operation.File, Kind = FaultKind.Stall });
        using var shell = Shell(gateway);
        await StopAsync(shell, $"{Rows} | Invoke-MJUpscale | Wait-MJTask | Save-MJOutput -Path $folder", async _ =>
        {
            await Soon.Until(() => gateway.Counts.TasksMade == 5 && gateway.Counts.Reads >= 5);
            _clock.Advance(TimeSpan.FromSeconds(2));
            await Soon.Until(() => gateway.Counts.Files == 2);
        });
        Assert.Matches(@"^Stopped\. 3 tasks continue at the gateway, 2 files not saved \(\$0\.100 spent so far\)\. To go on: Get-MJTask -Status InProgress, Pending, Completed -After '.{16}' \| Wait-MJTask \| Save-MJOutput -Path ", Assert.Single(_host.ErrorLines));
        Assert.Equal(5, shell.Run("(Get-MJSession).Undelivered").Output.Count);
        gateway.Faults.Clear();
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(5, shell.Run(_host.ErrorLines[0].Split("To go on: ")[1]).MustSucceed().Output.Count);
    }

    [Theory]
    [InlineData("Invoke-MJUpscale | Wait-MJTask | ForEach-Object { throw 'enough' }", "Stopped. 4 tasks continue at the gateway ($0.050 spent so far). To go on: Get-MJTask -Status InProgress, Pending | Wait-MJTask")]
    [InlineData("Invoke-MJUpscale | Wait-MJTask -ErrorAction Stop", "Stopped. 4 tasks continue at the gateway. To go on: Get-MJTask -Status InProgress, Pending | Wait-MJTask", true)]
    [InlineData("Invoke-MJUpscale | Wait-MJTask | Select-Object -First 1", "4 tasks continue at the gateway ($0.050 spent so far). To go on: (Get-MJSession).Undelivered | Wait-MJTask")]
    [InlineData("Invoke-MJUpscale | Wait-MJTask -Any", null)]
    [InlineData("Invoke-MJUpscale", null)]
    [InlineData("ForEach-Object { $_; try { Invoke-MJUpscale -JobId j -ImageNo 9 -Type 0 -ErrorAction Stop } catch { } } | Invoke-MJUpscale", null)]
    [InlineData("Invoke-MJUpscale | Wait-MJTask -TimeoutSec 1 -ErrorAction SilentlyContinue", null)]
    public async Task Another_end_tells_it_only_if_tasks_go_on_that_nobody_was_given(string script, string? line, bool fails = false)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(0));
        gateway.Shapes.Default = new TaskShape { Duration = TaskDuration.Never };
        gateway.Shapes.Set("j3", new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.Zero), Failure = fails ? TaskFailure.GenerationFailed : null });
        using var shell = Shell(gateway);
        shell.Run($"{Rows} | {script}", ("folder", _folder));
        Assert.Equal(line is null ? [] : [line.Replace("FOLDER", _folder, StringComparison.Ordinal)], _host.ErrorLines);
    }

    [Fact]
    public async Task What_is_being_submitted_is_told_as_a_possibility()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Stall });
        using var shell = Shell(gateway);
        await StopAsync(shell, $"{Rows} | Invoke-MJUpscale", _ => Soon.Until(() => gateway.Counts.InFlight > 0));
        Assert.Matches(@"^Stopped\. Up to [1-5] tasks? may be created\. To go on: Get-MJTask -Status InProgress, Pending \| Wait-MJTask$", Assert.Single(_host.ErrorLines));
    }

    private ModuleShell Shell(GatewayEmulator gateway, string parameters = "") =>
        ModuleShell.For(gateway, $"{PipelineStop.Patient} {(parameters.Length > 0 ? parameters : $"-JournalPath '{TestFolder.NewFile(".jsonl")}'")}", _host);

    private async Task StopAsync(ModuleShell shell, string script, Func<PSDataCollection<PSObject>, Task> inPhase)
    {
        var output = new PSDataCollection<PSObject>();
        using var pipeline = shell.Prepare(script, ("folder", _folder), ("session", shell.Run("Get-MJSession").Output.Single()));
        var running = pipeline.BeginInvoke<PSObject, PSObject>(null, output);
        await inPhase(output);
        await PipelineStop.StopAsync(pipeline, running);
    }
}
