using System.Net.Sockets;
using System.Text;

namespace MidJourney.Tests;

/// <summary>Saving by several processes, by processes that are killed, and over connections that are kept.</summary>
public sealed class SavingProcessTests
{
    private const int Each = 10;

    private readonly string _folder = TestFolder.NewFile("");
    private readonly string _journal = TestFolder.NewFile(".jsonl");

    [Fact]
    public async Task Two_processes_that_save_under_one_name_lose_no_file()
    {
        await using var host = new RawServer((socket, end) => AnswerAsync(socket, "", end));
        // Half of the tasks are the same in both.
        var shown = await Task.WhenAll(new[] { 0, Each / 2 }.Select(first => ShellProcess.RunAsync($$"""
            {{first}}..{{first + Each - 1}} | ForEach-Object { [pscustomobject] @{ Id = "t$_"; Status = 'Completed'; Url = '{{host.BaseUri}}' + $_ } } |
                Save-MJOutput '{{_folder}}' -NameTemplate 'all/same' | ForEach-Object { "<$($_.TaskId) $($_.Name)>" }
            """, host.BaseUri, _journal)));
        var rows = shown.SelectMany(text => text.Split('<').Skip(1).Select(row => row[..row.IndexOf('>', StringComparison.Ordinal)])).ToArray();
        Assert.Equal(2 * Each, rows.Length);
        var folder = Path.Combine(_folder, "all");
        // One file for each task, the same one in both processes.
        Assert.Equal(Each * 3 / 2, rows.Distinct().Count());
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
    private static async Task AnswerAsync(Socket socket, string padding, CancellationToken end, int? length = null)
    {
        var request = await RawServer.ReadRequestAsync(socket, end);
        var body = Encoding.Latin1.GetBytes($"\u0089PNG\r\n\u001a\n{padding}of {request.Split(' ')[1]}");
        await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length ?? body.Length}\r\nConnection: close\r\n\r\n"), end);
        for (var at = 0; at < body.Length;) at += await socket.SendAsync(body.AsMemory(at), end);
        if (length is null) socket.Shutdown(SocketShutdown.Send);
    }
}
