using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>What Tab offers, without asking the gateway.</summary>
public sealed class CompletionTests
{
    private readonly string _path = TestFolder.NewFile(".jsonl");

    [Theory]
    [InlineData("Wait-MJTask ")]
    [InlineData("Wait-MJTask -Id ")]
    [InlineData("Get-MJTask -TaskId ")]
    public async Task Task_ids_are_those_of_the_session_and_the_journal_with_the_running_ones_first(string input)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Set("slow", new TaskShape { Duration = TaskDuration.Never });
        object? slow, done, earlier;
        using (var first = Shell(gateway)) earlier = first.Run("Invoke-MJUpscale job-1 -ImageNo 0 -Type Standard -Wait").MustSucceed().Value("Id");
        using var shell = Shell(gateway);
        slow = shell.Run("Invoke-MJUpscale slow -ImageNo 3 -Type Creative").MustSucceed().Value("Id");
        done = shell.Run("Invoke-MJUpscale job-2 -ImageNo 0 -Type V5_2x -Wait").MustSucceed().Value("Id");
        var requests = gateway.Requests.Count;
        var offered = Complete(shell, input);
        Assert.Equal(slow, offered[0].CompletionText);
        Assert.Equal([(string)done!, (string)earlier!], offered.Skip(1).Select(o => o.CompletionText).OrderDescending());
        Assert.Matches("^InProgress: Creative of job slow, image 3, [0-9]+s ago$", offered[0].ToolTip);
        Assert.Matches(@"^Completed, \$0.050: V5_2x of job job-2, image 0, ", offered.Single(o => o.CompletionText.Equals(done)).ToolTip);
        Assert.Equal(requests, gateway.Requests.Count);
    }

    [Fact]
    public async Task Task_ids_are_narrowed_by_what_is_typed()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        var ids = shell.Run("1..5 | ForEach-Object { Invoke-MJUpscale job -ImageNo 0 -Type 0 }").MustSucceed().Texts("Id");
        Assert.Equal([ids[3]], Complete(shell, "Get-MJTask " + ids[3]).Select(o => o.CompletionText));
        Assert.Equal([ids[4]], Complete(shell, $"Wait-MJTask {ids[0]}, {ids[4]}").Select(o => o.CompletionText));
        Assert.DoesNotContain(Complete(shell, "Get-MJTask nothing"), o => o.ToolTip.Contains("job", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_session_or_a_key_the_journal_of_the_environment_is_looked_into()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = new ModuleShell();
        var id = shell.Run($"$s = New-MJSession -ApiKey {TestKey.Value} -BaseUri {gateway.BaseUri}; Invoke-MJUpscale job -ImageNo 0 -Type 0; Remove-MJSession").MustSucceed().Value("Id");
        Assert.DoesNotContain(Complete(shell, "Get-MJTask "), o => o.CompletionText.Equals(id));
        Assert.Contains(Complete(shell, "Get-MJTask -Session $s "), o => o.CompletionText.Equals(id));
    }

    [Fact]
    public async Task A_long_journal_is_read_from_its_end_only()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var line = $$$"""{"v":1,"event":"created","time":"2026-01-01T00:00:00.000Z","ref":"R","baseUri":"{{{gateway.BaseUri.ToString().TrimEnd('/')}}}","model":"midjourney_upscale","params":{"jobId":"j","imageNo":0,"type":1},"taskId":"T","task":{"status":"in_progress"}}""";
        await File.WriteAllLinesAsync(_path, Enumerable.Range(0, 5000).Select(i => line.Replace("\"R\"", $"\"r{i}\"", StringComparison.Ordinal).Replace("\"T\"", $"\"t{i:0000}\"", StringComparison.Ordinal)));
        using var shell = Shell(gateway);
        Assert.Contains(Complete(shell, "Wait-MJTask t49"), o => o.CompletionText == "t4999");
        Assert.DoesNotContain(Complete(shell, "Wait-MJTask t00"), o => o.CompletionText == "t0000");
    }

    [Theory]
    [InlineData("Invoke-MJUpscale j -ImageNo 0 -Type V5", "V5_2x,V5_4x")]
    [InlineData("Invoke-MJInpaint j -ImageNo ", "0,1,2,3")]
    [InlineData("Invoke-MJModel midjourney_pan -ImageNo 0, ", "0,1,2,3")]
    [InlineData("Get-MJTask -Status C", "Cancelled,Completed")]
    [InlineData("Measure-MJCost -By ", "Type,Job,Day,Model,Prompt")]
    [InlineData("Save-MJOutput -NameTemplate '{Sou", "'{SourceImageNo}','{SourceJobId}','{SourceTaskId}'")]
    public void What_can_be_listed_is_offered(string input, string expected)
    {
        using var shell = new ModuleShell();
        Assert.Equal(expected.Split(',').Order(), Complete(shell, input).Select(o => o.CompletionText).Order());
    }

    private static IReadOnlyList<CompletionResult> Complete(ModuleShell shell, string input)
    {
        using var engine = PowerShell.Create();
        engine.Runspace = shell.Runspace;
        return [.. CommandCompletion.CompleteInput(input, input.Length, null, engine).CompletionMatches];
    }

    private ModuleShell Shell(GatewayEmulator gateway) => ModuleShell.For(gateway, $"-JournalPath '{_path}'");
}
