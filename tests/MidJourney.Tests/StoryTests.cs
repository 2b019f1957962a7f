using System.Text.RegularExpressions;

namespace MidJourney.Tests;

/// <summary>What -Verbose and -Debug tell.</summary>
public sealed class StoryTests
{
    [Fact]
    public async Task Verbose_tells_every_request_and_every_repeat_and_Debug_the_schedule()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options(1));
        gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = FaultKind.Status, Status = 502, Times = 1 });
        using var shell = ModuleShell.For(gateway);
        using var pipeline = shell.Prepare("$DebugPreference = 'Continue'; Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative -Wait -Verbose");
        var task = Assert.Single(pipeline.Invoke());
        string id = task.Properties["Id"].Value.ToString()!;
        // The first line is PowerShell's own.
        string[] verbose = [.. pipeline.Streams.Verbose.Skip(1).Select(v => v.Message)], debug = [.. pipeline.Streams.Debug.Select(d => d.Message)];
        Assert.Matches(@"^#1 POST /model/v1/generation \(job job-7, image 0, type Creative\): HTTP 200 in [0-9]+ ms\.$", verbose[0]);
        Assert.Matches($@"^#2 GET /model/v1/generation/task/{id}: HTTP 502 in [0-9]+ ms\.$", verbose[1]);
        Assert.Matches($"^Could not read task {id}: HTTP 502.*; retrying in ", verbose[2]);
        Assert.Equal(gateway.Requests.Count, verbose.Count(v => Regex.IsMatch(v, "^#[0-9]+ ")));
        Assert.Contains(debug, d => Regex.IsMatch(d, $@"^Task {id} at age [0-9.]+ s: next read in [0-9.]+ s \(typical duration not yet known; completed tasks seen: 0\)\.$"));
        Assert.Contains(debug, d => d.EndsWith("(after a fault, or for its URL).", StringComparison.Ordinal));
        Assert.DoesNotContain(verbose.Concat(debug), line => line.Contains(TestKey.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verbose_tells_what_is_not_created_again()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway, $"-JournalPath '{TestFolder.NewFile(".jsonl")}'");
        var result = shell.Run("Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative; Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative -SkipSubmitted -Verbose").MustSucceed();
        Assert.Equal([$"The journal already has task {result.Texts("Id")[0]} for job job-7, image 0, type Creative, so it was not submitted again."], result.Verbose);
    }

    [Fact]
    public async Task Without_them_nothing_is_told()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        using var pipeline = shell.Prepare("Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative | Wait-MJTask");
        pipeline.Invoke();
        Assert.Empty(pipeline.Streams.Verbose);
        Assert.Empty(pipeline.Streams.Debug);
    }

    [Fact]
    public async Task Verbose_of_a_download_tells_where_a_file_came_from_and_went()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Invoke-MJUpscale job-7 -ImageNo 0 -Type Creative -Wait | Save-MJOutput -Path $folder -Verbose", ("folder", TestFolder.NewFile(""))).MustSucceed();
        Assert.Contains(result.Verbose, v => Regex.IsMatch(v, @"^http://127\.0\.0\.1:[0-9]+/files/.* saved as .*job-7_0_Creative_0\.png, [0-9.]+ k?B in [0-9]+ ms\.$"));
    }
}
