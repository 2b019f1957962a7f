using System.Management.Automation;
using System.Text;

namespace MidJourney.Tests;

/// <summary>A session that is removed while a pipeline uses it ends that pipeline, whatever it waits for, as a stop would.</summary>
public sealed class SessionEndTests
{
    /// <summary>Far more than it takes, and far less than any timeout in play.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private const string Patient = "-RequestTimeoutSec 600 -RetryTimeoutSec 600 -ThrottleLimit 2";

    private readonly string _journal = TestFolder.NewFile(".jsonl");

    [Theory]
    [InlineData("Get-MJTask a, b, c")]
    [InlineData("'a', 'b', 'c' | Wait-MJTask")]
    [InlineData("Test-MJSession")]
    [InlineData("Invoke-MJUpscale j -ImageNo 0, 1, 2, 3 -Type 0")]
    [InlineData("Invoke-MJUpscale j -ImageNo 0, 1, 2, 3 -Type 0 -Wait")]
    [InlineData("Invoke-MJUpscale j -ImageNo 0, 1, 2, 3 -Type 0 | Wait-MJTask")]
    public async Task Requests_that_hang_are_not_waited_for(string script)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Kind = FaultKind.Stall });
        await MustEndAsync(gateway, script, () => gateway.Counts.InFlight > 0);
    }

    [Theory]
    [InlineData("Get-MJTask a")]
    [InlineData("Wait-MJTask a")]
    [InlineData("Test-MJSession; Test-MJSession")]
    [InlineData("Invoke-MJUpscale j -ImageNo 0 -Type 0")]
    public async Task A_pause_is_not_waited_out(string script)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 429, RetryAfter = "500" });
        await MustEndAsync(gateway, script, () => gateway.Counts.TooManyRequests == 1);
    }

    [Fact]
    public async Task Tasks_that_run_are_not_waited_for()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var id = gateway.AddTask("never", shape: new TaskShape { Duration = TaskDuration.Never }).Id;
        await MustEndAsync(gateway, $"Wait-MJTask {id}", () => gateway.ReadsOf(id) > 0);
    }

    [Fact]
    public async Task The_answer_of_a_create_that_is_on_its_way_is_still_written_down()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = new RawServer(async (socket, end) =>
        {
            await RawServer.ReadRequestAsync(socket, end);
            asked.TrySetResult();
            await answer.Task.WaitAsync(end);
            const string Body = """{"id":"made","created_at":1710000000,"status":"in_progress","model":"midjourney_upscale"}""";
            await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"), end);
        });
        using var shell = new ModuleShell();
        CreateRun.Connect(shell, server.BaseUri, _journal, Patient);
        var session = shell.Run("Get-MJSession").Output.Single();
        await RemoveInUseAsync(shell, session, CreateRun.Script, () => asked.Task.IsCompleted);
        answer.SetResult();
        await Soon.Until(() => Journal.Events(_journal).Length == 2);
        Assert.Equal(["submitting", "created"], Journal.Events(_journal));
        // The session holds it a little later than the journal has it.
        await Soon.Until(() => shell.Run("$session.Undelivered", ("session", session)).Texts("Id").SequenceEqual(["made"]));
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("Invoke-MJUpscale j -ImageNo 0 -Type 0")]
    [InlineData("Invoke-MJUpscale j -ImageNo 0 -Type 0 -Wait")]
    [InlineData("Invoke-MJUpscale j -ImageNo 0 -Type 0 | Wait-MJTask")]
    [InlineData("Invoke-MJUpscale j -ImageNo 0 -Type 0 | Wait-MJTask | Get-MJTask")]
    public async Task Who_removes_it_when_all_has_come_out_hears_of_nothing(string script)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run($"{script} | ForEach-Object {{ Remove-MJSession }}").MustSucceed();
    }

    private async Task MustEndAsync(GatewayEmulator gateway, string script, Func<bool> inUse)
    {
        using var shell = new ModuleShell();
        CreateRun.Connect(shell, gateway.BaseUri, _journal, Patient);
        await RemoveInUseAsync(shell, shell.Run("Get-MJSession").Output.Single(), script, inUse);
        var creates = gateway.Counts.Creates;
        gateway.Faults.Clear();
        shell.Run($"$null = New-MJSession -ApiKey {TestKey.Value} -BaseUri {gateway.BaseUri} -JournalPath '{_journal}'; Invoke-MJUpscale after -ImageNo 0 -Type 0 -Wait").MustSucceed();
        Assert.Equal(creates + 1, gateway.Counts.Creates);
    }

    private static async Task RemoveInUseAsync(ModuleShell shell, PSObject session, string script, Func<bool> inUse)
    {
        using var pipeline = shell.Prepare(script);
        var running = pipeline.BeginInvoke();
        await Soon.Until(inUse);
        using (var other = new ModuleShell()) other.Run("Remove-MJSession $session", ("session", session)).MustSucceed();
        await Task.Factory.FromAsync(running, pipeline.EndInvoke).WaitAsync(Guard);
        Assert.StartsWith("MJ.SessionEnded", Assert.Single(pipeline.Streams.Error).FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
