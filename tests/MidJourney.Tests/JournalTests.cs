using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>The journal as a user meets it.</summary>
public sealed class JournalTests
{
    private const string ThreeJobs = "1..3 | ForEach-Object { [pscustomobject] @{ JobId = \"j$_\"; ImageNo = 0; Type = 'Creative' } }";

    private readonly string _path = TestFolder.NewFile(".jsonl");

    [Fact]
    public async Task Get_MJTask_without_an_id_lists_what_was_created_and_asks_nobody()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using (var first = Shell(gateway)) first.Run($"{ThreeJobs} | Invoke-MJUpscale").MustSucceed();
        using var second = Shell(gateway);
        var listed = second.Run("Get-MJTask");
        Assert.Equal(["j1", "j2", "j3"], listed.Texts("SourceJobId").Order());
        Assert.Equal(0, gateway.Counts.Reads);
    }

    [Fact]
    public async Task Piped_into_Wait_MJTask_the_list_resumes()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using (var first = Shell(gateway)) first.Run($"{ThreeJobs} | Invoke-MJUpscale").MustSucceed();
        using var second = Shell(gateway);
        var ended = second.Run("Get-MJTask | Wait-MJTask");
        Assert.Equal(3, ended.Output.Count);
        Assert.All(ended.Texts("Status"), status => Assert.Equal("Completed", status));
        Assert.DoesNotContain("null", ended.Texts("SourceJobId"));
        // Now the journal knows how they ended, and nobody need be asked again.
        var reads = gateway.Counts.Reads;
        var again = second.Run("Get-MJTask -Status Completed | Wait-MJTask");
        Assert.Equal(3, again.Output.Count);
        Assert.DoesNotContain("null", again.Texts("Url"));
        Assert.Equal(reads, gateway.Counts.Reads);
    }

    [Fact]
    public async Task The_list_can_be_narrowed()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        shell.Run($"{ThreeJobs} | Invoke-MJUpscale; Invoke-MJUpscale -JobId j4 -ImageNo 1 -Type 0 -Wait").MustSucceed();
        Assert.Equal(["j4"], shell.Run("Get-MJTask -Status Completed").Texts("SourceJobId"));
        Assert.Equal(2, shell.Run("Get-MJTask -Last 2").Output.Count);
        Assert.Equal(4, shell.Run("Get-MJTask -After ([DateTime]::Now.AddMinutes(-5))").Output.Count);
        Assert.Empty(shell.Run("Get-MJTask -After ([DateTime]::Now.AddMinutes(5))").Output);
    }

    [Fact]
    public async Task A_pipeline_that_brings_nothing_lists_nothing()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        shell.Run($"{ThreeJobs} | Invoke-MJUpscale").MustSucceed();
        var result = shell.Run("@() | Get-MJTask");
        Assert.Empty(result.Output);
        Assert.Empty(result.ErrorIds);
    }

    [Fact]
    public async Task A_script_that_died_in_the_middle_can_be_run_again()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using (var first = Shell(gateway)) first.Run($"{ThreeJobs} | Where-Object JobId -ne j3 | Invoke-MJUpscale").MustSucceed();
        using var second = Shell(gateway);
        var again = second.Run($"{ThreeJobs} | Invoke-MJUpscale -SkipSubmitted | Wait-MJTask");
        Assert.Equal(["j1", "j2", "j3"], again.Texts("SourceJobId").Order());
        Assert.Equal(3, gateway.Counts.TasksMade);
        Assert.Empty(gateway.MadeTwice);
    }

    [Fact]
    public async Task A_dry_run_tells_what_a_rerun_would_create()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        shell.Run("Invoke-MJUpscale -JobId j1 -ImageNo 0 -Type Creative").MustSucceed();
        var result = shell.Run($"{ThreeJobs} | Invoke-MJUpscale -SkipSubmitted -WhatIf");
        Assert.Empty(result.Output);
        Assert.Equal(1, gateway.Counts.Creates);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_listed_reported_and_not_repeated()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, JobId = "j2", Kind = FaultKind.CutAfter, Times = 1 });
        using var shell = Shell(gateway);
        Assert.Equal(["MJ.SubmitOutcomeUnknown"], shell.Run($"{ThreeJobs} | Invoke-MJUpscale").ErrorIds);
        Assert.Equal(["j2"], shell.Run("Get-MJTask -Status OutcomeUnknown").Texts("SourceJobId"));
        var again = shell.Run($"{ThreeJobs} | Invoke-MJUpscale -SkipSubmitted");
        Assert.Equal(["j1", "j3"], again.Texts("SourceJobId").Order());
        var error = Assert.Single(again.Errors);
        Assert.StartsWith("MJ.SubmitOutcomeUnknown", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("j2", PSObject.AsPSObject(error.TargetObject).Properties["SourceJobId"].Value);
        Assert.Equal(3, gateway.Counts.Creates);
        // There is nothing to wait for, and saying so is all that can be done.
        Assert.Equal(["MJ.SubmitOutcomeUnknown"], shell.Run("Get-MJTask -Status OutcomeUnknown | Wait-MJTask").ErrorIds);
        // Who wants to risk it, may.
        Assert.Equal(3, shell.Run($"{ThreeJobs} | Invoke-MJUpscale -RetryUnknown").Output.Count);
        Assert.Equal(4, gateway.Counts.Creates);
    }

    [Fact]
    public async Task Without_a_journal_nothing_can_be_skipped_and_nothing_is_created()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway, "-NoJournal");
        Assert.Null(shell.Run("Get-MJSession").Value("JournalPath"));
        var result = shell.Run($"{ThreeJobs} | Invoke-MJUpscale -SkipSubmitted");
        Assert.StartsWith("MJ.JournalUnavailable", result.ThrownId, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Counts.Creates);
        Assert.Empty(shell.Run("Get-MJTask").Output);
    }

    [Fact]
    public async Task A_named_journal_that_cannot_be_written_is_an_error_before_anything_is_sent()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var file = TestFolder.NewFile(".txt");
        await File.WriteAllTextAsync(file, "");
        using var shell = ModuleShell.For(gateway, $"-JournalPath '{Path.Combine(file, "journal.jsonl")}'");
        var result = shell.Run($"{ThreeJobs} | Invoke-MJUpscale");
        Assert.StartsWith("MJ.JournalUnavailable", result.ThrownId, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Theory]
    [InlineData("-JournalPath env:PATH")]
    [InlineData("-JournalPath nodrive:/x")]
    [InlineData("-JournalPath x.jsonl -NoJournal")]
    public void A_path_that_is_none_is_refused(string parameters)
    {
        using var shell = new ModuleShell();
        Assert.StartsWith("MJ.InvalidJournalPath", shell.Run($"New-MJSession -ApiKey {TestKey.Value} {parameters}").ThrownId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_may_be_relative_to_where_the_user_is()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = new ModuleShell();
        var folder = Path.GetDirectoryName(_path)!;
        var path = shell.Run($"Set-Location -LiteralPath '{folder}'; (New-MJSession -ApiKey {TestKey.Value} -BaseUri {gateway.BaseUri} -JournalPath ./sub/j.jsonl).JournalPath");
        if (path.ThrownId is not null) path = shell.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{folder}'); (New-MJSession -ApiKey {TestKey.Value} -BaseUri {gateway.BaseUri} -JournalPath ./sub/j.jsonl).JournalPath");
        Assert.Equal(Path.Combine(folder, "sub", "j.jsonl"), Assert.Single(path.Output).ToString());
    }

    [Fact]
    public async Task The_list_needs_neither_a_session_nor_a_key()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using (var first = Shell(gateway)) first.Run($"{ThreeJobs} | Invoke-MJUpscale").MustSucceed();
        using var second = new ModuleShell();
        // The default address is another one, so it holds nothing of this gateway; but neither is it an error.
        var result = second.Run("Get-MJTask");
        Assert.Empty(result.ErrorIds);
        Assert.Null(result.ThrownId);
    }

    private ModuleShell Shell(GatewayEmulator gateway) => ModuleShell.For(gateway, $"-JournalPath '{_path}'");
}
