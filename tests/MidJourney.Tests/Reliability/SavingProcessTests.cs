using System.Management.Automation;
using System.Net.Sockets;
using System.Text;

namespace MidJourney.Tests;

/// <summary>Saving by several processes, by processes that are killed, and over connections that are kept.</summary>
public sealed class SavingProcessTests
{
    private const int Processes = 8, Each = 10;

    private readonly string _folder = TestFolder.NewFile("");
    private readonly string _journal = TestFolder.NewFile(".jsonl");

    [Fact]
    public async Task Eight_processes_that_save_under_one_name_lose_no_file()
    {
        await using var host = new RawServer((socket, end) => AnswerAsync(socket, "", end));
        // Each process has half of its tasks in common with the next one.
        var shown = await Task.WhenAll(Enumerable.Range(0, Processes).Select(n => n * Each / 2).Select(first => ShellProcess.RunAsync($$"""
            {{first}}..{{first + Each - 1}} | ForEach-Object { [pscustomobject] @{ Id = "t$_"; Status = 'Completed'; Url = '{{host.BaseUri}}' + $_ } } |
                Save-MJOutput '{{_folder}}' -NameTemplate 'all/same' | ForEach-Object { "<$($_.TaskId) $($_.Name)>" }
            """, host.BaseUri, _journal)));
        var rows = shown.SelectMany(text => text.Split('<').Skip(1).Select(row => row[..row.IndexOf('>', StringComparison.Ordinal)])).ToArray();
        Assert.Equal(Processes * Each, rows.Length);
        var folder = Path.Combine(_folder, "all");
        // One file for each task, the same one in all processes.
        Assert.Equal((Processes + 1) * Each / 2, rows.Distinct().Count());
        Assert.Equal(rows.Select(row => row.Split(' ')[1]).Distinct().Order(), Directory.GetFiles(folder, "*.png").Select(Path.GetFileName).Order());
        foreach (var row in rows) Assert.EndsWith($"of /{row.Split(' ')[0][1..]}", File.ReadAllText(Path.Combine(folder, row.Split(' ')[1])), StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Killed_runs_leave_nothing_half_done()
    {
        var isEndless = true;
        await using var host = new RawServer(async (socket, end) =>
        {
            await AnswerAsync(socket, new string('x', 1 << 20), end, isEndless ? 1 << 21 : null);
            await Task.Delay(Volatile.Read(ref isEndless) ? Timeout.Infinite : 0, end);
        });
        var script = $"[pscustomobject] @{{ Id = 't'; Status = 'Completed'; Url = '{host.BaseUri}' }} | Save-MJOutput '{_folder}' -NameTemplate same";
        for (var kill = 0; kill < 3; kill++)
        {
            var before = Parts();
            using var process = ShellProcess.Start(script, host.BaseUri, _journal);
            await Soon.Until(() => Parts().Except(before).Any());
            process.Kill();
            await process.WaitForExitAsync();
            Assert.Single(Parts());
        }
        Volatile.Write(ref isEndless, false);
        await ShellProcess.RunAsync(script, host.BaseUri, _journal);
        Assert.Empty(Parts());
        Assert.Single(Directory.GetFiles(_folder, "*.png"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Get-MJSession | Remove-MJSession; $env:MIDJOURNEY_API_KEY = ''; ")]
    public async Task Calls_share_one_connection(string first)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run("$task = Invoke-MJUpscale -JobId j -ImageNo 0 -Type 0 | Wait-MJTask").MustSucceed();
        shell.Run($"{first}$null = $task | Save-MJOutput '{_folder}'").MustSucceed();
        var opened = gateway.Counts.ConnectionsOpened;
        for (var call = 0; call < 6; call++) shell.Run($"$null = $task | Save-MJOutput '{_folder}' -Force").MustSucceed();
        Assert.Equal(7, gateway.Counts.Files);
        Assert.Equal(opened, gateway.Counts.ConnectionsOpened);
    }

    [Fact]
    public async Task Run_uses_no_more_connections_than_concurrent_downloads()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = new ModuleShell();
        var tasks = Enumerable.Range(0, 60).Select(n => new { Id = $"t{n}", Status = "Completed", Url = $"{gateway.BaseUri}files/{gateway.AddTask($"j{n}").Id}/0.png" }).ToArray();
        var saved = shell.Run($"$tasks | Save-MJOutput '{_folder}' -ThrottleLimit 3", ("tasks", tasks)).MustSucceed();
        Assert.Equal(60, saved.Output.Count);
        Assert.InRange(gateway.Counts.ConnectionsOpened, 1, 3);
    }

    [Fact]
    public async Task File_for_which_the_disk_has_no_room_is_an_error_and_the_others_are_saved()
    {
        await using var host = new RawServer((socket, end) => AnswerAsync(socket, "", end));
        using var shell = new ModuleShell();
        var run = shell.Run($$"""'t1', 'huge', 't2' | ForEach-Object { [pscustomobject] @{ Id = $_; Status = 'Completed'; Url = '{{host.BaseUri}}' + $_ } } | Save-MJOutput '{{_folder}}' -MaxBytes ([long]::MaxValue)""");
        Assert.Equal(2, run.Output.Count);
        var error = Assert.Single(run.Errors);
        Assert.Equal("MJ.FileNotWritten", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Matches("huge.*the file needs 9,000,000,000,000,000 bytes.*, but only [0-9,]+ bytes are free on the disk", error.Exception.Message);
        Assert.StartsWith("Free disk space", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("huge", new PSObject(error.TargetObject).Properties["Id"].Value);
        Assert.Empty(Parts());
    }

    [Fact]
    public async Task Stop_ends_downloads_and_leaves_nothing()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.File, Kind = FaultKind.Stall });
        using var shell = ModuleShell.For(gateway, PipelineStop.Patient);
        using var pipeline = shell.Prepare($"Invoke-MJUpscale -JobId j -ImageNo 0,1,2,3 -Type 0 | Wait-MJTask | Save-MJOutput '{_folder}'");
        var running = pipeline.BeginInvoke();
        await Soon.Until(() => gateway.Counts.Files == 4);
        await PipelineStop.StopAsync(pipeline, running);
        await Soon.Until(() => gateway.Counts.InFlight == 0);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private string[] Parts() => Directory.Exists(_folder) ? Directory.GetFiles(_folder, ".*.partial") : [];

    /// <summary>A file that ends with what it was asked for.</summary>
    private static async Task AnswerAsync(Socket socket, string padding, CancellationToken end, long? length = null)
    {
        var request = await RawServer.ReadRequestAsync(socket, end);
        var path = request.Split(' ')[1];
        var body = Encoding.Latin1.GetBytes($"\u0089PNG\r\n\u001a\n{padding}of {path}");
        if (path == "/huge") length = 9_000_000_000_000_000;
        await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n\r\n"), end);
        for (var at = 0; at < body.Length;) at += await socket.SendAsync(body.AsMemory(at), end);
        if (length is null) socket.Shutdown(SocketShutdown.Send);
    }
}
