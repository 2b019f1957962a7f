using System.Management.Automation;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Tests;

/// <summary>Ctrl+C in each phase of a create, on real sockets: the pipeline ends at once, what was not sent is not sent, and what was is remembered.</summary>
public sealed class StopMatrixTests : IDisposable
{
    private readonly ModuleShell _shell = new();
    private readonly string _journal = TestFolder.NewFile(".jsonl");

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task Stop_while_waiting_for_a_slot()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { JobId = "first", Kind = FaultKind.Stall });
        CreateRun.Connect(_shell, gateway.BaseUri, _journal, $"{PipelineStop.Patient} -ThrottleLimit 1");
        using var other = new ModuleShell();
        var session = _shell.Run("Get-MJSession").Output.Single();
        using var holder = other.Prepare("Invoke-MJUpscale -JobId first -ImageNo 0 -Type 0 -Session $session", ("session", session));
        var holding = holder.BeginInvoke();
        await Soon.Until(() => gateway.Counts.InFlight == 1);
        await StopAsync(pipeline => Soon.Until(() => pipeline.Streams.Debug.Any(record => record.Message.Contains("request is waiting: the concurrency limit", StringComparison.Ordinal))), $"{CreateRun.Script} -Debug");
        Assert.Equal(0, gateway.CountOf("j", 0, 0).Creates);
        await PipelineStop.StopAsync(holder, holding);
        Check(["submitting"], nameof(Stop_while_waiting_for_a_slot), "");
    }

    [Fact]
    public async Task Stop_while_connecting()
    {
        await using var deaf = new DeafPort();
        CreateRun.Connect(_shell, deaf.BaseUri, _journal, PipelineStop.Patient);
        await StopAsync(() => Soon.Until(() => Journal.Events(_journal).Length == 1));
        await Soon.Until(() => Journal.Events(_journal).Length == 2);
        Check(["submitting", "withdrawn"], nameof(Stop_while_connecting));
    }

    [Fact]
    public async Task Stop_while_the_body_is_on_its_way()
    {
        var stopped = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var server = new RawServer(async (socket, end) =>
        {
            await socket.ReceiveAsync(new byte[1], end);
            begun.SetResult();
            await stopped.Task.WaitAsync(end);
            RawServer.Reset(socket);
        });
        CreateRun.Connect(_shell, server.BaseUri, _journal, PipelineStop.Patient);
        var ended = await StopAsync(() => begun.Task);
        stopped.SetResult();
        await Soon.Until(() => Journal.Events(_journal).Length == 2);
        MustHaveEndedBeforeTheAnswer(ended);
        Assert.Equal(1, server.Connections);
        Check(["submitting", "unknown"], nameof(Stop_while_the_body_is_on_its_way));
    }

    [Fact]
    public async Task Stop_while_waiting_for_the_answer()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(clock: clock));
        gateway.Settings.AnswerDelay = TimeSpan.FromSeconds(1);
        CreateRun.Connect(_shell, gateway.BaseUri, _journal, PipelineStop.Patient);
        var ended = await StopAsync(() => Soon.Until(() => gateway.Counts.TasksMade == 1));
        gateway.Settings.AnswerDelay = TimeSpan.Zero;
        await Soon.Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Journal.Events(_journal).Length == 2;
        });
        MustHaveEndedBeforeTheAnswer(ended);
        Check(["submitting", "created"], nameof(Stop_while_waiting_for_the_answer));
        Assert.Equal((1, 1), ((int)gateway.Counts.Creates, (int)gateway.Counts.TasksMade));
        var id = gateway.Tasks.Single().Id;
        // The session holds it a little later than the journal has it.
        await Soon.Until(() => _shell.Run("(Get-MJSession).Undelivered").Output.Count == 1);
        Assert.Equal(id, _shell.Run("(Get-MJSession).Undelivered | Wait-MJTask").MustSucceed().Value("Id"));
        Assert.Equal(id, _shell.Run("Get-MJTask").MustSucceed().Value("Id"));
    }

    [Fact]
    public async Task Stop_between_repeats()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429, RetryAfter = "500" });
        CreateRun.Connect(_shell, gateway.BaseUri, _journal, PipelineStop.Patient);
        await StopAsync(() => Soon.Until(() => gateway.Counts.Creates == 1 && gateway.Counts.InFlight == 0));
        await Soon.Until(() => Journal.Events(_journal).Length == 2);
        Assert.Equal((1, 0), ((int)gateway.Counts.Creates, (int)gateway.Counts.TasksMade));
        Check(["submitting", "withdrawn"], nameof(Stop_between_repeats));
    }

    /// <summary>Starts a create, stops it once it is in its phase.</summary>
    /// <returns>When the pipeline had ended.</returns>
    private Task<DateTimeOffset> StopAsync(Func<Task> inPhase) => StopAsync(_ => inPhase(), CreateRun.Script);

    private async Task<DateTimeOffset> StopAsync(Func<PowerShell, Task> inPhase, string script)
    {
        using var pipeline = _shell.Prepare(script);
        var running = pipeline.BeginInvoke();
        await inPhase(pipeline);
        return await PipelineStop.StopAsync(pipeline, running);
    }

    /// <summary>The pipeline did not wait for what is still taken into the journal.</summary>
    private void MustHaveEndedBeforeTheAnswer(DateTimeOffset ended) =>
        Assert.True(ended < Journal.Read(_journal)[^1].GetProperty("time").GetDateTimeOffset().AddMilliseconds(1), "The pipeline waited for the answer.");

    private void Check(string[] written, string test, string? ofThisCreate = null)
    {
        var row = ReliabilityPage.RowOf($"{nameof(StopMatrixTests)}.{test}");
        Assert.Equal(written, Journal.Events(_journal));
        Assert.Equal((row.Journal, "none", false), (ofThisCreate is null ? string.Join(", ", written) : "nothing", row.ErrorId, row.IsSentAgain));
    }
}
