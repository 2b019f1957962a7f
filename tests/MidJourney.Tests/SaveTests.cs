using System.Management.Automation;
using MidJourney.Client.Tests;

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
        Assert.Equal(4, Files().Length);
        Assert.Equal(0, gateway.Counts.FilesWithAuthorization);
    }

    [Fact]
    public async Task Run_again_it_downloads_nothing_and_puts_out_the_same()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var again = shell.Run($"$tasks = {Jobs}; $null = $tasks | Save-MJOutput '{_folder}'; $tasks | Save-MJOutput '{_folder}'").MustSucceed();
        Assert.Equal(["True", "True", "True", "True"], again.Texts("WasThere"));
        Assert.Equal(4, Files().Length);
    }

    [Fact]
    public async Task Two_tasks_of_one_name_make_two_files()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var files = shell.Run($"{Jobs} | Save-MJOutput '{_folder}' -NameTemplate 'same'").MustSucceed();
        Assert.Equal(4, files.Texts("Name").Distinct().Count());
        Assert.Equal(4, Files().Length);
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
        Assert.Equal(3, Files().Length);
    }

    [Fact]
    public void The_name_template_is_completed()
    {
        using var shell = new ModuleShell();
        var offered = shell.Run("$typed = \"Save-MJOutput -NameTemplate '{Sou\"; (TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches").Texts("ListItemText");
        Assert.Equal(["{SourceTaskId}", "{SourceJobId}", "{SourceImageNo}"], offered);
    }

    [Fact]
    public void The_places_for_metadata_are_completed()
    {
        using var shell = new ModuleShell();
        var offered = shell.Run("$typed = 'Save-MJOutput -WriteMetadata '; (TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches").Texts("ListItemText");
        Assert.Equal(["Both", "Json", "None", "Png"], offered.Order());
    }

    [Theory]
    [InlineData("{Prompt}_{SourceImageNo}", "a lighthouse on a cliff above the sea, painted in oil and_0")]
    [InlineData("{SourceImageNo} {Prompt:12}", "0 a lighthouse")]
    [InlineData("{Prompt:5}", "a")]
    [InlineData("{Prompt:200}", "a lighthouse on a cliff above the sea, painted in oil and lit by its own beam")]
    [InlineData("{Prompt:0}x", "x")]
    public async Task Names_can_tell_what_an_upscale_goes_back_to(string template, string name)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var file = shell.Run($$"""
            "a lighthouse on a cliff`nabove the  sea, painted in oil and   lit by its own beam --ar 16:9" | Invoke-MJDiffusion | Wait-MJTask |
                Invoke-MJUpscale -ImageNo 0 -Type 1 | Wait-MJTask | Save-MJOutput '{{_folder}}' -NameTemplate '{{template}}'
            """).MustSucceed();
        Assert.Equal(name + ".png", file.Value("Name"));
    }

    [Fact]
    public async Task Where_no_prompt_is_known_the_job_stands_for_it()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var files = shell.Run($"{Jobs} | Save-MJOutput '{_folder}' -NameTemplate '{{Prompt}} {{SourceImageNo}}'").MustSucceed();
        Assert.Equal(["a 0.png", "a 1.png", "b 0.png", "b 1.png"], files.Texts("Name").Order());
    }

    [Theory]
    [InlineData("{Prompt:x}")]
    [InlineData("{Prompt:99999999999}")]
    public void A_length_that_is_none_ends_it_before_anything_is_done(string template)
    {
        using var shell = new ModuleShell();
        Assert.Equal("MJ.InvalidNameTemplate", shell.Run($"[pscustomobject] @{{ Id = 't'; Url = 'http://127.0.0.1:1/a.png' }} | Save-MJOutput -NameTemplate '{template}'").ThrownId);
    }

    [Fact]
    public async Task The_name_of_the_source_task_can_be_in_a_name()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var file = shell.Run($"$grid = Invoke-MJDiffusion x -Wait; $grid | Invoke-MJUpscale -ImageNo 0 -Type 1 -Wait | Save-MJOutput '{_folder}' -NameTemplate '{{SourceTaskId}}'; $grid.Id").MustSucceed();
        Assert.Equal($"{file.Output[1]}.png", file.Output[0].Properties["Name"].Value);
        Assert.Equal((file.Output[1].ToString(), "x"), (file.Output[0].Properties["SourceTaskId"].Value, file.Output[0].Properties["Prompt"].Value));
    }

    [Theory]
    [InlineData("Json", 6)]
    [InlineData("Png", 3)]
    [InlineData("Both", 6)]
    [InlineData("None", 3)]
    public async Task Files_tell_what_they_were_made_of_and_a_second_run_downloads_nothing(string format, int files)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var first = shell.Run($"""
            $tasks = 'a harbour – 港', 'a meadow' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJUpscale -ImageNo 0 -Type 1 | Wait-MJTask
            $tasks += Invoke-MJUpscale of-elsewhere -ImageNo 1 -Type 0 -Wait
            $tasks | Save-MJOutput '{_folder}' -WriteMetadata {format}
            """).MustSucceed();
        var after = Snapshot();
        Assert.Equal(files, after.Count);
        foreach (var file in first.Output)
        {
            var path = file.BaseObject.ToString()!;
            var png = PngFile.Read(path);
            var texts = png.Texts.ToDictionary(t => t.Key, t => t.Value);
            Assert.Equal(format is "Png" or "Both", texts.ContainsKey("MidJourney"));
            var json = format is "Json" or "Both" ? File.ReadAllText(path + ".json") : texts.GetValueOrDefault("MidJourney");
            if (json is null) continue;
            using var document = System.Text.Json.JsonDocument.Parse(json);
            var root = document.RootElement;
            Assert.Equal(file.Properties["TaskId"].Value, root.GetProperty("taskId").GetString());
            Assert.Equal(file.Properties["Prompt"].Value, root.TryGetProperty("sourcePrompt", out var prompt) ? prompt.GetString() : null);
            Assert.Equal(file.Properties["SourceTaskId"].Value, root.TryGetProperty("sourceTaskId", out var source) ? source.GetString() : null);
            Assert.True(root.GetProperty("cost").GetDecimal() > 0);
            Assert.DoesNotContain(TestKey.Value, json, StringComparison.Ordinal);
        }
        var again = shell.Run($"$tasks | Save-MJOutput '{_folder}' -WriteMetadata {format}").MustSucceed();
        Assert.Equal(["True", "True", "True"], again.Texts("WasThere"));
        Assert.Equal(after, Snapshot());
        // Nor does one that writes no metadata.
        Assert.Equal(["True", "True", "True"], shell.Run($"$tasks | Save-MJOutput '{_folder}'").MustSucceed().Texts("WasThere"));
        Assert.Equal(after, Snapshot());
    }

    [Fact]
    public async Task Files_that_are_there_get_the_metadata_they_lack_without_a_download()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run($"$tasks = {Jobs}; $null = $tasks | Save-MJOutput '{_folder}'").MustSucceed();
        var result = shell.Run($"$tasks | Save-MJOutput '{_folder}' -WriteMetadata Both").MustSucceed();
        Assert.Equal(["True", "True", "True", "True"], result.Texts("WasThere"));
        Assert.Equal(8, Files().Length);
        Assert.All(result.Output, file => Assert.NotEmpty(PngFile.Read(file.BaseObject.ToString()!).Texts));
        // Replaced, they have it once.
        shell.Run($"$tasks | Save-MJOutput '{_folder}' -WriteMetadata Both -Force").MustSucceed();
        Assert.All(result.Output, file => Assert.Single(PngFile.Read(file.BaseObject.ToString()!).Texts, t => t.Key == "MidJourney"));
        Assert.Equal(8, Files().Length);
    }

    [Theory]
    [InlineData("Json", "")]
    [InlineData("Png", "")]
    [InlineData("Json", "-Force")]
    [InlineData("Png", "-Force")]
    public async Task A_file_that_says_it_is_another_tasks_is_kept_though_it_is_as_long(string format, string force)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.Default = new TaskShape { Duration = TaskDuration.Fixed(TimeSpan.Zero), ImageBytes = 20_000 };
        using var shell = ModuleShell.For(gateway);
        shell.Run($"Invoke-MJUpscale a -ImageNo 0 -Type 1 -Wait | Save-MJOutput '{_folder}' -NameTemplate same -WriteMetadata {format}").MustSucceed();
        var before = Snapshot();
        var second = shell.Run($"Invoke-MJUpscale b -ImageNo 0 -Type 1 -Wait | Save-MJOutput '{_folder}' -NameTemplate same -WriteMetadata {format} {force}").MustSucceed();
        Assert.Equal(($"same_{second.Value("TaskId")}.png", false), (second.Value("Name"), second.Value("WasThere")));
        Assert.Equal(before, Snapshot().Where(f => !f.Key.Contains("same_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Metadata_that_cannot_be_written_is_an_error_and_the_file_is_there()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        Directory.CreateDirectory(Path.Combine(_folder, "name.png.json"));
        var result = shell.Run($"Invoke-MJUpscale a -ImageNo 0 -Type 1 -Wait | Save-MJOutput '{_folder}' -NameTemplate name -WriteMetadata Json");
        Assert.Equal(["MJ.FileNotWritten"], result.ErrorIds);
        Assert.Equal("name.png", result.Value("Name"));
        Assert.Single(Files());
    }

    [Fact]
    public async Task A_dry_run_writes_no_metadata_either()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run($"$tasks = {Jobs}; $null = $tasks | Save-MJOutput '{_folder}'").MustSucceed();
        var files = Snapshot();
        Assert.Empty(shell.Run($"$tasks | Save-MJOutput '{_folder}' -WriteMetadata Both -WhatIf").MustSucceed().Output);
        Assert.Equal(files, Snapshot());
    }

    /// <summary>The folder's files and what is in them.</summary>
    private SortedDictionary<string, string> Snapshot() =>
        new(Files().ToDictionary(f => f, f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))), StringComparer.Ordinal);

    /// <summary>All but what the module keeps there for itself.</summary>
    private string[] Files() => [.. Directory.GetFiles(_folder).Where(f => Path.GetFileName(f) != ".midjourney-saved.jsonl")];
}
