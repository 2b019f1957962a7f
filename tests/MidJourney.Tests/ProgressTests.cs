using System.Diagnostics;
using System.Management.Automation;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>The bars of a pipeline's stages.</summary>
public sealed class ProgressTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Waiting_tells_done_failed_total_and_cost_and_is_gone_when_it_is_stopped()
    {
        await using var gateway = await StartAsync();
        using var shell = ModuleShell.For(gateway);
        using var pipeline = shell.Prepare("'good', 'bad', 'never' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale | ForEach-Object { $_; $_ } | Wait-MJTask -ErrorAction SilentlyContinue");
        await StopOnceAsync(pipeline, record => record.StatusDescription.StartsWith("1 of 3 completed, 1 failed, $0.050, ", StringComparison.Ordinal));
        var bar = Assert.Single(Bars(pipeline, "Waiting for MidJourney tasks"));
        Assert.InRange(bar[^2].PercentComplete, 66, 99);
        Assert.Equal(ProgressRecordType.Completed, bar[^1].RecordType);
    }

    [Theory]
    [InlineData("& { $never; foreach ($i in 1..30) { [Threading.Thread]::Sleep(20); $never }; throw 'upstream' } | Wait-MJTask")]
    [InlineData("& { foreach ($i in 1..30) { [Threading.Thread]::Sleep(20); $good[$i]; $never } } | Wait-MJTask -TimeoutSec 1 -ErrorAction Stop")]
    [InlineData("$script:n = 0; & { foreach ($i in 0..199) { [Threading.Thread]::Sleep(20); $good[$i] } } | Wait-MJTask | ForEach-Object { if (++$script:n -gt 20) { throw 'downstream' } }")]
    [InlineData("$script:n = 0; foreach ($once in 1) { & { foreach ($i in 0..199) { [Threading.Thread]::Sleep(20); $good[$i] } } | Wait-MJTask | ForEach-Object { if (++$script:n -gt 20) { break } } }")]
    public async Task A_bar_is_gone_however_its_stage_is_broken_off(string script)
    {
        await using var gateway = await StartAsync();
        using var shell = ModuleShell.For(gateway);
        var ids = new object?[] { gateway.AddTask("never", shape: new TaskShape { Duration = TaskDuration.Never }).Id, Enumerable.Range(0, 200).Select(i => gateway.AddTask($"j{i}").Id).ToArray() };
        using var pipeline = shell.Prepare($"try {{ {script} }} catch {{ }}", ("never", ids[0]), ("good", ids[1]));
        pipeline.Invoke();
        Assert.Equal(ProgressRecordType.Completed, Assert.Single(Bars(pipeline, "Waiting for MidJourney tasks"))[^1].RecordType);
    }

    [Theory]
    [InlineData("1..20 | ForEach-Object { [pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale", "Submitting to MidJourney", "^[0-9]+( of [0-9]+)? accepted, [0-9]+ s$")]
    [InlineData("$ids | Get-MJTask", "Reading MidJourney tasks", @"^[0-9]+( of [0-9]+)? read(, \$[0-9.]+)?, [0-9]+ s$")]
    [InlineData("$tasks | Save-MJOutput -Path $folder -ThrottleLimit 1", "Saving MidJourney output", @"^[0-9]+( of 20)? saved, [0-9.]+ [kM]?B( of( about)? [0-9.]+ [kM]B)?, [0-9]+ s$")]
    public async Task Every_stage_has_one_bar_which_moves_at_most_four_times_a_second_and_is_gone_at_the_end(string script, string activity, string state)
    {
        await using var gateway = await StartAsync();
        using var shell = ModuleShell.For(gateway, "-ThrottleLimit 1");
        var ids = Enumerable.Range(0, 20).Select(i => gateway.AddTask($"j{i}").Id).ToArray();
        shell.Run("$ids = $given; $tasks = $given | Wait-MJTask", ("given", ids)).MustSucceed();
        gateway.Settings.AnswerDelay = TimeSpan.FromMilliseconds(50);
        using var pipeline = shell.Prepare(script, ("folder", TestFolder.NewFile("")));
        var clock = Stopwatch.StartNew();
        pipeline.Invoke();
        var most = clock.Elapsed.TotalSeconds * 4;
        Assert.Empty(pipeline.Streams.Error);
        var bar = Assert.Single(Bars(pipeline, activity));
        Assert.InRange(bar.Length - 1, 1, most);
        Assert.All(bar[..^1], record => Assert.Matches(state, record.StatusDescription));
        Assert.All(bar[..^1], record => Assert.Equal(ProgressRecordType.Processing, record.RecordType));
        Assert.Equal(ProgressRecordType.Completed, bar[^1].RecordType);
    }

    [Theory]
    [InlineData("$ProgressPreference = 'SilentlyContinue'; $ids | Get-MJTask")]
    [InlineData("$ProgressPreference = 'SilentlyContinue'; try { & { $ids; throw 'x' } | Get-MJTask } catch { }")]
    [InlineData("try { & { $ids; throw 'x' } | Get-MJTask -ProgressAction SilentlyContinue } catch { }")]
    public async Task Who_wants_no_progress_gets_none(string script)
    {
        await using var gateway = await StartAsync();
        gateway.Settings.AnswerDelay = TimeSpan.FromMilliseconds(50);
        using var shell = ModuleShell.For(gateway, "-ThrottleLimit 1");
        using var pipeline = shell.Prepare(script, ("ids", Enumerable.Range(0, 20).Select(i => gateway.AddTask($"j{i}").Id).ToArray()));
        pipeline.Invoke();
        Assert.Empty(pipeline.Streams.Progress);
    }

    [Fact]
    public async Task Once_the_input_has_ended_and_some_tasks_have_the_time_left_is_told()
    {
        await using var gateway = await StartAsync();
        var ids = Enumerable.Range(0, 30).Select(i => gateway.AddTask($"j{i}", shape: new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.FromSeconds(i)) }).Id).ToArray();
        using var shell = ModuleShell.For(gateway);
        using var pipeline = shell.Prepare("$ids | Wait-MJTask", ("ids", ids));
        await StopOnceAsync(pipeline, record => record.SecondsRemaining > 0);
        var bar = Assert.Single(Bars(pipeline, "Waiting for MidJourney tasks"));
        Assert.InRange(bar[^2].SecondsRemaining, 1, 1000);
        Assert.InRange(bar[^2].PercentComplete, 3 * 100 / 30, 99);
    }

    [Fact]
    public async Task Two_stages_of_a_kind_have_a_bar_each()
    {
        await using var gateway = await StartAsync();
        gateway.Settings.AnswerDelay = TimeSpan.FromMilliseconds(300);
        using var shell = ModuleShell.For(gateway);
        using var pipeline = shell.Prepare("Invoke-MJDiffusion 'a harbour' | Wait-MJTask | Invoke-MJUpscale -ImageNo 0 -Type 0 | Wait-MJTask");
        pipeline.Invoke();
        Assert.Equal(2, Bars(pipeline, "Waiting for MidJourney tasks").Count());
        Assert.All(Bars(pipeline, "Waiting for MidJourney tasks"), bar => Assert.Equal(ProgressRecordType.Completed, bar[^1].RecordType));
    }

    [Fact]
    public async Task One_task_is_named_and_moves_the_bar()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await StartAsync(clock);
        using var shell = ModuleShell.For(gateway);
        using var pipeline = shell.Prepare("Invoke-MJDiffusion 'a harbour at dusk' -Session $session -Wait -TimeoutSec 0", ("session", WithClock(shell, clock)));
        await RunAsync(pipeline, clock, () => pipeline.Streams.Progress.Any(record => Regex.IsMatch(record.StatusDescription, "^a harbour at dusk, [0-9]+%, [0-9]+ (s|min)$") && record.PercentComplete > 0));
    }

    [Theory]
    [InlineData("$ids | Wait-MJTask -Session $session -TimeoutSec 0", true)]
    [InlineData("$ids | Wait-MJTask -Session $session -TimeoutSec 0 -ProgressAction SilentlyContinue", false)]
    [InlineData("$ProgressPreference = 'SilentlyContinue'; $ids | Wait-MJTask -Session $session -TimeoutSec 0", false)]
    public async Task Without_a_screen_there_is_a_line_per_minute_and_one_at_the_end(string script, bool isWanted)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await StartAsync(clock);
        var ids = Enumerable.Range(0, 2).Select(i => gateway.AddTask($"j{i}").Id).ToArray();
        using var shell = ModuleShell.For(gateway);
        using var pipeline = shell.Prepare(script, ("session", WithClock(shell, clock)), ("ids", ids));
        var start = clock.GetUtcNow();
        await RunAsync(pipeline, clock, () => isWanted ? pipeline.Streams.Information.Count >= 2 : clock.GetUtcNow() - start > TimeSpan.FromMinutes(3));
        var lines = pipeline.Streams.Information.Select(record => $"{record.MessageData}").ToArray();
        if (!isWanted)
        {
            Assert.Empty(lines);
            return;
        }
        // Both may have completed when the last line is due, and on this clock an answer may take minutes.
        Assert.All(lines[..^1], line => Assert.Matches(@"^Waiting for MidJourney tasks: (no answer from the gateway for [^,]+, )?([01] of )?2 completed(, \$0\.(050|100))?, [0-9]+ (min|h [0-9]+ min)$", line));
        Assert.Matches(@"^2 completed, \$0\.100, [0-9]+ (min|h [0-9]+ min)$", lines[^1]);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_told()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await StartAsync(clock);
        var id = gateway.AddTask("never", shape: new TaskShape { Duration = TaskDuration.Never }).Id;
        gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = FaultKind.Stall });
        using var shell = ModuleShell.For(gateway);
        using var pipeline = shell.Prepare("Wait-MJTask $id -Session $session -TimeoutSec 3600 -ErrorAction SilentlyContinue", ("session", WithClock(shell, clock)), ("id", id));
        await RunAsync(pipeline, clock, () => pipeline.Streams.Progress.Any(record => Regex.IsMatch(record.StatusDescription, "^no answer from the gateway for [0-9]+ (s|min), ")));
    }

    /// <summary>Runs a pipeline while its clock moves on: slowly until it has shown what it must show, then to its end.</summary>
    private static async Task RunAsync(PowerShell pipeline, FakeTimeProvider clock, Func<bool> hasShown)
    {
        var running = pipeline.BeginInvoke();
        await Soon.Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.2));
            return hasShown();
        });
        await Soon.Until(() =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return running.IsCompleted;
        });
        pipeline.EndInvoke(running);
    }

    /// <summary>The default session, with another clock.</summary>
    private static object WithClock(ModuleShell shell, TimeProvider clock)
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var session = shell.Run("Get-MJSession").Output.Single().BaseObject;
        var client = session.GetType().GetProperty("Client", Hidden)!.GetValue(session)!;
        return Activator.CreateInstance(session.GetType(), Hidden, null, [new NetworkCredential("", TestKey.Value).SecurePassword, client.GetType().GetProperty("Options")!.GetValue(client), clock], null)!;
    }

    /// <summary>Runs a pipeline until it has shown a record.</summary>
    private static async Task StopOnceAsync(PowerShell pipeline, Func<ProgressRecord, bool> isIt)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Streams.Progress.DataAdded += (sender, e) =>
        {
            if (isIt(((PSDataCollection<ProgressRecord>)sender!)[e.Index])) seen.TrySetResult();
        };
        var running = pipeline.BeginInvoke();
        await seen.Task.WaitAsync(Guard);
        pipeline.Stop();
        Assert.Throws<PipelineStoppedException>(() => pipeline.EndInvoke(running));
    }

    /// <summary>The records of each bar of an activity.</summary>
    private static IEnumerable<ProgressRecord[]> Bars(PowerShell pipeline, string activity) =>
        pipeline.Streams.Progress.Where(r => r.Activity == activity).GroupBy(r => r.ActivityId).Select(g => g.ToArray());

    /// <param name="clock">The gateway's; then tasks take an hour of it.</param>
    private static async Task<GatewayEmulator> StartAsync(TimeProvider? clock = null)
    {
        var gateway = await GatewayEmulator.StartAsync(clock is null ? TestKey.Options() : TestKey.Options(3600, clock));
        gateway.Shapes.Set("bad", new TaskShape { Failure = TaskFailure.GenerationFailed });
        gateway.Shapes.Set("never", new TaskShape { Duration = TaskDuration.Never });
        return gateway;
    }
}
