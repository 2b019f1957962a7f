using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>
/// Processes that are killed (SIGKILL) while they submit: whenever that happens, every task they made is in the journal or in
/// doubt there, and running the same script again, without any switch, makes the rest and nothing twice.
/// </summary>
public sealed class KillTests
{
    private const int Jobs = 300;
    private const int Kills = 20;
    private const int InFlight = 4;

    /// <summary>Creates of one process that are answered: together with those in flight, no twenty processes come to the end of the jobs.</summary>
    private const int Answered = 10;

    private const string Script =
        "1..300 | ForEach-Object { [pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale -ErrorAction SilentlyContinue";

    private readonly string _journal = TestFolder.NewFile(".jsonl");

    [Theory]
    [InlineData(20240309, 1)]
    [InlineData(20261126, 2)]
    public async Task However_often_it_is_killed_nothing_is_lost_or_made_twice(int seed, int processes)
    {
        var random = new Random(seed);
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Settings.AnswerDelay = TimeSpan.FromMilliseconds(15);
        for (var kill = 0; kill < Kills; kill += processes)
        {
            await RunAndKillAsync(gateway, random.Next(1, Answered + 1), random.Next(0, 15), processes);
            MustAccountFor(gateway);
        }
        Assert.InRange(gateway.Tasks.Count, Kills / processes, Jobs - 1);
        RunToTheEnd(gateway);
    }

    /// <summary>Starts the script, once or several times at once, and kills it a little after the gateway has received so many creates; on a slow machine it stands still there.</summary>
    private async Task RunAndKillAsync(GatewayEmulator gateway, int creates, int thenMilliseconds, int count)
    {
        gateway.Faults.Clear();
        if (count > 1) gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Status, Status = 429, Times = creates / 2 });
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Stall, Skip = Answered });
        var before = gateway.Counts.Creates;
        var processes = Enumerable.Range(0, count).Select(_ => ShellProcess.Start(Script, gateway.BaseUri, _journal, $"-ThrottleLimit {InFlight}")).ToArray();
        while (gateway.Counts.Creates < before + creates && !Array.Exists(processes, p => p.HasExited)) await Task.Delay(1);
        await Task.Delay(thenMilliseconds);
        foreach (var process in processes)
        {
            Assert.False(process.HasExited, "It ended before it could be killed.");
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        while (gateway.Counts.InFlight > 0) await Task.Delay(1);
    }

    private void MustAccountFor(GatewayEmulator gateway)
    {
        var creates = Journal.Read(_journal).Where(line => line.TryGetProperty("ref", out _)).GroupBy(line => line.GetProperty("ref").GetString()).Select(lines => lines.Last()).ToArray();
        // What was claimed and certainly not made is no entry any more.
        var created = creates.Where(line => Is(line, "created")).Select(line => line.GetProperty("taskId").GetString()!).ToHashSet();
        var inDoubt = creates.Where(line => Is(line, "submitting", "unknown")).Select(line => line.GetProperty("params").GetProperty("jobId").GetString()!).ToHashSet();
        Assert.All(gateway.Tasks, task => Assert.True(created.Contains(task.Id) || inDoubt.Contains(task.JobId!), $"{task.JobId} was made, and the journal knows nothing of it."));
        Assert.Subset(gateway.Tasks.Select(t => t.Id).ToHashSet(), created);
        Assert.Empty(gateway.MadeTwice);
    }

    private void RunToTheEnd(GatewayEmulator gateway)
    {
        using var shell = new ModuleShell();
        gateway.Faults.Clear();
        CreateRun.Connect(shell, gateway.BaseUri, _journal);
        var result = shell.Run(Script.Replace("-ErrorAction SilentlyContinue", "", StringComparison.Ordinal));
        MustAccountFor(gateway);
        Assert.All(result.ErrorIds, id => Assert.Equal("MJ.SubmitOutcomeUnknown", id));
        Assert.InRange(result.Errors.Count, 0, Kills * InFlight);
        var inDoubt = result.Errors.Select(e => (string)((System.Management.Automation.PSObject)e.TargetObject).Properties["SourceJobId"].Value);
        Assert.Equal(Enumerable.Range(1, Jobs).Select(n => $"j{n}").Order(), result.Texts("SourceJobId").Concat(inDoubt).Order());
        var ids = gateway.Tasks.ToDictionary(t => t.JobId!, t => t.Id);
        Assert.All(result.Output, task => Assert.Equal(ids[(string)task.Properties["SourceJobId"].Value], task.Properties["Id"].Value));
        // Once each outcome is settled, each job is made once.
        shell.Run($$"""
            $made = @{ {{string.Join("; ", gateway.Tasks.Select(t => $"'{t.JobId}' = '{t.Id}'"))}} }
            Get-MJTask -Status OutcomeUnknown | ForEach-Object {
                if ($made[$_.SourceJobId]) { $_ | Resolve-MJTask -TaskId $made[$_.SourceJobId] -Confirm:$false } else { $_ | Resolve-MJTask -NeverMade -Confirm:$false }
            }
            """).MustSucceed();
        var settled = shell.Run(Script.Replace("-ErrorAction SilentlyContinue", "", StringComparison.Ordinal)).MustSucceed();
        Assert.Equal(Enumerable.Range(1, Jobs).Select(n => $"j{n}").Order(), settled.Texts("SourceJobId").Order());
        Assert.Equal(Jobs, gateway.Tasks.Count);
        Assert.Empty(gateway.MadeTwice);
    }

    private static bool Is(JsonElement line, params string[] events) => events.Contains(line.GetProperty("event").GetString());
}
