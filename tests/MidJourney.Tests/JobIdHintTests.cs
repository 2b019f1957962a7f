namespace MidJourney.Tests;

/// <summary>A job id where a task id belongs.</summary>
public sealed class JobIdHintTests
{
    private const string LikeAJob = "5d3c9b1e-0a52-4c1e-9d77-0c8f3f0b2a11";

    private readonly string _path = TestFolder.NewFile(".jsonl");

    [Theory]
    [InlineData("Wait-MJTask job-7")]
    [InlineData("Get-MJTask job-7")]
    [InlineData("[pscustomobject] @{ Id = 'job-7' } | Wait-MJTask")]
    public async Task What_the_session_knows_to_be_a_job_is_warned_of_with_its_task(string command)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        var id = shell.Run("Invoke-MJUpscale job-7 -ImageNo 2 -Type Creative").MustSucceed().Value("Id");
        var result = shell.Run(command);
        Assert.Equal($"'job-7' is a job ID, not a task ID: task {id} (image 2, Creative) was created from that job. Use the task ID instead.", Assert.Single(result.Warnings));
        Assert.Equal(["MJ.TaskNotFound"], result.ErrorIds);
    }

    [Fact]
    public async Task The_job_of_a_result_is_told_from_the_job_it_was_made_of()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        var done = shell.Run("Invoke-MJUpscale job-7 -ImageNo 2 -Type Creative -Wait").MustSucceed();
        var result = shell.Run($"Wait-MJTask {done.Value("JobId")}");
        Assert.Contains($"it is the result of task {done.Value("Id")}.", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_process_finds_it_in_the_journal()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        object? id;
        using (var first = Shell(gateway)) id = first.Run("Invoke-MJUpscale job-7 -ImageNo 2 -Type Creative").MustSucceed().Value("Id");
        using var shell = Shell(gateway);
        Assert.Contains($"task {id} (image 2, Creative)", Assert.Single(shell.Run("Wait-MJTask job-7").Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_id_is_warned_of_by_its_shape_when_the_gateway_does_not_know_it()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        var result = shell.Run($"Wait-MJTask {LikeAJob}, other");
        Assert.StartsWith($"'{LikeAJob}' looks like a job ID.", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(["MJ.TaskNotFound", "MJ.TaskNotFound"], result.ErrorIds);
    }

    [Fact]
    public async Task The_shape_says_nothing_while_the_gateway_has_not()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Read, Kind = FaultKind.Status, Status = 403 });
        using var shell = Shell(gateway);
        var result = shell.Run($"Wait-MJTask {LikeAJob}");
        Assert.Equal(["MJ.Forbidden"], result.ErrorIds);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task An_id_that_is_both_is_a_task_id()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        var id = shell.Run("Invoke-MJUpscale job-7 -ImageNo 2 -Type Creative").MustSucceed().Value("Id");
        shell.Run($"Invoke-MJUpscale {id} -ImageNo 0 -Type Creative").MustSucceed();
        var result = shell.Run($"Wait-MJTask {id}").MustSucceed();
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task A_column_of_job_ids_is_not_warned_of_without_end()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = Shell(gateway);
        var result = shell.Run("1..20 | ForEach-Object { \"job-$_\" } | ForEach-Object { $null = Invoke-MJUpscale $_ -ImageNo 0 -Type 0; $_ } | Wait-MJTask");
        Assert.Equal(20, result.ErrorIds.Length);
        Assert.Equal(5, result.Warnings.Count);
    }

    [Fact]
    public void An_object_with_only_a_job_id_is_told_why_it_names_no_task()
    {
        using var shell = new ModuleShell();
        var result = shell.Run("[pscustomobject] @{ JobId = 'job-7' } | Wait-MJTask");
        Assert.Equal(["MJ.InvalidTaskId"], result.ErrorIds);
        Assert.Contains("A job ID is not a task ID", result.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    private ModuleShell Shell(GatewayEmulator gateway) => ModuleShell.For(gateway, $"-JournalPath '{_path}'");
}
