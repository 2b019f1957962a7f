using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>The gateway goes away in the middle of a submission, and comes back at the same address.</summary>
public sealed class OutageTests
{
    private const int Before = 5, Jobs = 25;

    [Fact]
    public async Task Submitting_goes_on_after_an_outage_and_makes_nothing_twice()
    {
        var (journal, go) = (TestFolder.NewFile(".jsonl"), TestFolder.NewFile(".go"));
        var first = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = new ModuleShell();
        CreateRun.Connect(shell, first.BaseUri, journal);
        using var pipeline = shell.Prepare($$"""
            & { 1..{{Before}}; while (-not [IO.File]::Exists('{{go}}')) { [Threading.Thread]::Sleep(5) }; {{Before + 1}}..{{Jobs}} } |
                ForEach-Object { [pscustomobject] @{ JobId = "j$_"; ImageNo = 0; Type = 0 } } | Invoke-MJUpscale -Verbose
            """);
        var output = new PSDataCollection<PSObject>();
        var running = pipeline.BeginInvoke<PSObject, PSObject>(null, output);
        await Soon.Until(() => first.Counts.TasksMade == Before && first.Counts.InFlight == 0);
        var port = first.BaseUri.Port;
        await first.DisposeAsync();
        await File.WriteAllTextAsync(go, "");
        // More often than a wrong address is tried.
        await Soon.Until(() => pipeline.Streams.Verbose.Any(line => line.Message.Contains("attempt 6", StringComparison.Ordinal)));
        await using var second = await GatewayEmulator.StartAsync(new EmulatorOptions { ApiKey = TestKey.Value, Port = port, Seed = 2 });
        await Task.Factory.FromAsync(running, pipeline.EndInvoke).WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(pipeline.Streams.Error);
        Assert.Equal(Jobs, output.Select(task => task.Properties["SourceJobId"].Value).Distinct().Count());
        Assert.Equal((Jobs, Jobs - Before, Jobs - Before), (output.Count, (int)second.Counts.Creates, (int)second.Counts.TasksMade));
        Assert.Empty(second.MadeTwice);
        Assert.Equal(Jobs, Journal.Events(journal).Count(e => e == "created"));
    }
}
