using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>Saving, as a user types it, against real files of the emulator.</summary>
public sealed class SaveTests
{
    private const string Jobs = "'a','b' | ForEach-Object { [pscustomobject] @{ JobId = $_; ImageNo = '0,1'; Type = 'Creative' } } | Invoke-MJUpscale | Wait-MJTask";

    private readonly string _folder = TestFolder.NewFile("");

    [Fact]
    public async Task Every_output_is_saved_and_put_out_with_where_it_came_from()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var files = shell.Run($"{Jobs} | Save-MJOutput -Path '{_folder}'").MustSucceed();
        Assert.Equal(["a_0_Creative_0.png", "a_1_Creative_0.png", "b_0_Creative_0.png", "b_1_Creative_0.png"], files.Texts("Name").Order());
        Assert.All(files.Output, file =>
        {
            Assert.IsType<FileInfo>(file.BaseObject);
            Assert.StartsWith((string)file.Properties["SourceJobId"].Value, (string)file.Properties["Name"].Value, StringComparison.Ordinal);
            Assert.Contains((string)file.Properties["TaskId"].Value, (string)file.Properties["Url"].Value, StringComparison.Ordinal);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(file.BaseObject.ToString()!)[..4]);
        });
        Assert.Equal(4, Directory.GetFiles(_folder).Length);
        Assert.Equal(0, gateway.Counts.FilesWithAuthorization);
    }

    [Fact]
    public async Task Run_again_it_downloads_nothing_and_puts_out_the_same()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var again = shell.Run($"$tasks = {Jobs}; $null = $tasks | Save-MJOutput '{_folder}'; $tasks | Save-MJOutput '{_folder}'").MustSucceed();
        Assert.Equal(["True", "True", "True", "True"], again.Texts("WasThere"));
        Assert.Equal(4, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public async Task Two_tasks_of_one_name_make_two_files()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var files = shell.Run($"{Jobs} | Save-MJOutput '{_folder}' -NameTemplate 'same'").MustSucceed();
        Assert.Equal(4, files.Texts("Name").Distinct().Count());
        Assert.Equal(4, Directory.GetFiles(_folder).Length);
        Assert.Contains("same.png", files.Texts("Name"));
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        Assert.Empty(shell.Run($"{Jobs} | Save-MJOutput '{_folder}' -WhatIf").MustSucceed().Output);
        Assert.False(Directory.Exists(_folder));
        Assert.Equal(0, gateway.Counts.Files);
    }

    [Fact]
    public async Task A_failed_task_is_an_error_and_the_rest_are_saved()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Set("a", new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.FromSeconds(0.02)), Failure = TaskFailure.GenerationFailed });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run($"$tasks = {Jobs} -ErrorAction Ignore; $tasks | Save-MJOutput '{_folder}'");
        Assert.Equal(["MJ.GenerationFailed", "MJ.GenerationFailed"], result.ErrorIds);
        Assert.Equal(["b", "b"], result.Texts("SourceJobId"));
    }

    [Theory]
    [InlineData("'d758n65e878c73cmdg20'", "MJ.TaskNotCompleted")]
    [InlineData("$null", "MJ.TaskNotCompleted")]
    [InlineData("[pscustomobject] @{ Id = 't'; Status = 'InProgress' }", "MJ.TaskNotCompleted")]
    [InlineData("[pscustomobject] @{ Id = 't'; Status = 'Completed' }", "MJ.NoOutput")]
    [InlineData("[pscustomobject] @{ Id = 't'; Status = 'Completed'; Url = 'file:///etc/passwd' }", "MJ.NoOutput")]
    public void What_has_nothing_to_save_is_an_error_of_that_record(string input, string id)
    {
        using var shell = new ModuleShell();
        Assert.Equal([id], shell.Run($"{input} | Save-MJOutput '{_folder}'").ErrorIds);
    }

    [Theory]
    [InlineData("-NameTemplate '{Nope}'", "MJ.InvalidNameTemplate")]
    [InlineData("-NameTemplate '../{Index}'", "MJ.InvalidNameTemplate")]
    [InlineData("-NameTemplate '{Index'", "MJ.InvalidNameTemplate")]
    [InlineData("-Path env:", "MJ.InvalidPath")]
    [InlineData("-Path nodrive:/x", "MJ.InvalidPath")]
    public void What_cannot_be_a_name_or_a_folder_ends_it_before_anything_is_done(string parameters, string id)
    {
        using var shell = new ModuleShell();
        Assert.Equal(id, shell.Run($"[pscustomobject] @{{ Id = 't'; Url = 'http://127.0.0.1:1/a.png' }} | Save-MJOutput {parameters}").ThrownId);
    }

    [Fact]
    public async Task Tasks_from_a_file_or_another_process_are_saved_as_well()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var tasks = shell.Run(Jobs).MustSucceed().Output;
        var clixml = tasks.Select(t => (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(t, 6))).ToArray();
        using var other = new ModuleShell();
        Assert.Equal(4, other.Run($"$tasks | Save-MJOutput '{_folder}'", ("tasks", clixml)).MustSucceed().Output.Count);
    }

    [Fact]
    public async Task An_image_host_that_misbehaves_costs_no_file()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        gateway.Faults.Add(new Fault { Operation = Operation.File, JobId = "a", Kind = FaultKind.HalfBody, Times = 1 });
        gateway.Faults.Add(new Fault { Operation = Operation.File, JobId = "b", Kind = FaultKind.NotJson, ImageNo = 0 });
        var result = shell.Run($"{Jobs} | Save-MJOutput '{_folder}'");
        Assert.Equal(["MJ.InvalidOutput"], result.ErrorIds);
        Assert.Equal(3, result.Output.Count);
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void The_name_template_is_completed()
    {
        using var shell = new ModuleShell();
        var offered = shell.Run("$typed = \"Save-MJOutput -NameTemplate '{Sou\"; (TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches").Texts("ListItemText");
        Assert.Equal(["{SourceJobId}", "{SourceImageNo}"], offered);
    }
}
