namespace MidJourney.Tests;

public sealed class CostTests
{
    private const string Tasks = """
        function task($id, $job, $type, $day, $status, $cost) {
            [pscustomobject] @{ Id = $id; SourceJobId = $job; SourceImageNo = 0; UpscaleType = $type; Model = 'midjourney_upscale'; CreatedAt = [DateTime]::Parse($day); Status = $status; Cost = $cost }
        }
        $tasks = @(
            task a1 j1 Creative 2026-03-01T12:00 Completed 0.05
            task a2 j1 Standard 2026-03-01T13:00 Completed 0.02
            task a3 j2 Creative 2026-03-02T12:00 Completed 0.07
            task a4 j2 Creative 2026-03-02T12:00 Failed $null
            task a5 j2 V5_4x    2026-03-02T12:00 InProgress $null)

        """;

    [Fact]
    public void One_total_says_what_is_known_and_of_how_many_it_is_not()
    {
        using var shell = new ModuleShell();
        var total = shell.Run(Tasks + "$tasks | Measure-MJCost").MustSucceed();
        Assert.Equal("all 5 3 1 1 2 0.14", Line(total, 0));
        Assert.Equal(0.14m / 3, total.Value("MeanCost"));
    }

    [Theory]
    [InlineData("Type", "Creative 3 0.12;Standard 1 0.02;V5_4x 1 0")]
    [InlineData("Job", "j1 2 0.07;j2 3 0.07")]
    [InlineData("Day", "2026-03-01 2 0.07;2026-03-02 3 0.07")]
    [InlineData("Model", "midjourney_upscale 5 0.14")]
    [InlineData("Day, Type", "2026-03-01, Creative 1 0.05;2026-03-01, Standard 1 0.02;2026-03-02, Creative 2 0.07;2026-03-02, V5_4x 1 0")]
    public void Totals_are_by_what_was_asked_for(string by, string expected)
    {
        using var shell = new ModuleShell();
        var totals = shell.Run(Tasks + $"$tasks | Measure-MJCost -By {by} | ForEach-Object {{ \"$($_.Group) $($_.Tasks) $($_.Cost)\" }}").MustSucceed();
        Assert.Equal(expected.Split(';'), totals.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void The_parts_of_a_group_are_values_of_their_own()
    {
        using var shell = new ModuleShell();
        var total = shell.Run(Tasks + "$tasks | Measure-MJCost Day, Job, Type, Model | Where-Object Type -eq V5_4x").MustSucceed();
        Assert.Equal((new DateTime(2026, 3, 2), "j2", "V5_4x", "midjourney_upscale"), (total.Value("Day"), total.Value("SourceJobId"), total.Value("Type"), total.Value("Model")));
    }

    [Fact]
    public void A_task_that_comes_twice_counts_once_and_with_its_cost()
    {
        using var shell = new ModuleShell();
        var total = shell.Run(Tasks + "(task a3 j2 Creative 2026-03-02T12:00 InProgress $null), $tasks[2], (task a3 $null $null 2026-03-02T12:00 InProgress $null) | Measure-MJCost -By Job").MustSucceed();
        Assert.Equal("j2 1 1 0 0 0 0.07", Line(total, 0));
    }

    [Fact]
    public async Task Without_input_the_journal_is_added_up_and_nobody_asked()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, JobId = "lost", Kind = FaultKind.CutAfter, Times = 1 });
        using var shell = ModuleShell.For(gateway, $"-JournalPath '{TestFolder.NewFile(".jsonl")}'");
        shell.Run("""
            'j1', 'j2' | ForEach-Object { Invoke-MJUpscale $_ -ImageNo 0, 1 -Type Creative -Wait }
            Invoke-MJUpscale j3 -ImageNo 0 -Type Standard
            """).MustSucceed();
        shell.Run("Invoke-MJUpscale lost -ImageNo 0 -Type Standard");
        var reads = gateway.Counts.Reads;
        var totals = shell.Run("Measure-MJCost -By Type");
        Assert.Equal(["Creative 4 4 0 0 0 0.20", "Standard 2 0 0 2 2 0"], [Line(totals, 0), Line(totals, 1)]);
        Assert.Equal("0", shell.Run("(Measure-MJCost -Before ([DateTime]::Now.AddMinutes(-5))).Tasks").Output.Single().ToString());
        Assert.Equal("6", shell.Run("(Measure-MJCost -After ([DateTime]::Now.AddMinutes(-5))).Tasks").Output.Single().ToString());
        Assert.Equal(reads, gateway.Counts.Reads);
    }

    [Fact]
    public async Task A_grid_and_all_that_was_made_of_it_add_up_by_its_prompt()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway, $"-JournalPath '{TestFolder.NewFile(".jsonl")}'");
        var result = shell.Run("""
            $grids = 'a harbour', "a`nmeadow" | Invoke-MJDiffusion | Wait-MJTask
            $remixes = $grids | Invoke-MJRemix -ImageNo 0 -RemixPrompt 'at dusk' -Wait
            $upscales = $remixes | Invoke-MJUpscale -ImageNo 0, 1 -Type Creative -Wait
            $other = Invoke-MJUpscale of-elsewhere -ImageNo 0 -Type Creative -Wait
            $total = $grids + $remixes + $upscales + $other | Measure-MJCost -By Prompt
            $total | ForEach-Object { "$($_.Group) $($_.Tasks)" }
            Measure-MJCost -By Prompt | ForEach-Object { "$($_.Group) $($_.Tasks)" }
            $total[1].Prompt
            """).MustSucceed();
        string[] totals = ["unknown 1", "a\\u000ameadow 4", "a harbour 4"];
        Assert.Equal([.. totals, .. totals, "a\nmeadow"], result.Output.Select(o => o.ToString()));
    }

    [Theory]
    [InlineData("$grid, $remix, $upscale", "a harbour 3")]
    [InlineData("$upscale, $remix, $grid", "a harbour 3")]
    [InlineData("$upscale, $remix", "at dusk 2")]
    [InlineData("$upscale, $grid", "unknown 1;a harbour 1")]
    [InlineData("$loop, $back", "once 1;twice 1")]
    public void Where_only_other_tasks_tell_of_the_prompt_the_chain_is_followed(string tasks, string expected)
    {
        using var shell = new ModuleShell();
        var totals = shell.Run($$"""
            function task($id, $prompt, $source, $job) { [pscustomobject] @{ Id = $id; Prompt = $prompt; SourceJobId = $source; JobId = $job; Status = 'Completed'; RawStatus = 'completed'; Cost = 1 } }
            $grid = [pscustomobject] @{ Id = 'g'; Prompt = 'a harbour'; Status = 'Completed'; Output = @(@{ Content = @(@{ JobId = 'other' }, @{ JobId = 'j1' }) }); Cost = 1 }
            $remix = task r 'at dusk' j1 j2
            $upscale = task u $null j2 j3
            $loop = task l 'once' j9 j8
            $back = task b 'twice' j8 j9
            {{tasks}} | Measure-MJCost -By Prompt | ForEach-Object { "$($_.Group) $($_.Tasks)" }
            """).MustSucceed();
        Assert.Equal(expected.Split(';'), totals.Output.Select(o => o.ToString()));
    }

    [Fact]
    public async Task A_prompt_is_found_in_the_journal_also_when_it_is_older_than_what_is_measured()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var journal = $"-JournalPath '{TestFolder.NewFile(".jsonl")}'";
        using var shell = ModuleShell.For(gateway, journal);
        var job = shell.Run("Invoke-MJDiffusion 'a harbour' -Wait").MustSucceed().Value("JobId");
        using var other = ModuleShell.For(gateway, journal);
        var result = other.Run("""
            $upscale = Invoke-MJUpscale $job -ImageNo 0 -Type Creative -Wait
            "known: $($upscale.SourcePrompt)"
            Measure-MJCost -By Prompt -After $upscale.CreatedAt.AddTicks(-1) | ForEach-Object { "$($_.Group) $($_.Tasks)" }
            """, ("job", job)).MustSucceed();
        Assert.Equal("known: ", result.Output[0].ToString());
        Assert.StartsWith("a harbour ", result.Output[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_can_be_measured_on_the_way()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var total = shell.Run("Invoke-MJUpscale j -ImageNo 0, 1 -Type 1 -Wait | Measure-MJCost").MustSucceed();
        Assert.Equal("all 2 2 0 0 0 0.10", Line(total, 0));
    }

    [Fact]
    public async Task What_Clixml_made_of_tasks_is_added_up_by_day_and_type()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var total = shell.Run("""
            $done = Invoke-MJUpscale j -ImageNo 0, 1 -Type 1 -Wait
            [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($done)) | Measure-MJCost -By Day, Type
            """).MustSucceed();
        Assert.Equal($"{gateway.Tasks[0].CreatedAt.ToLocalTime():yyyy-MM-dd}, Creative 2 2 0 0 0 0.10", Line(total, 0));
    }

    [Fact]
    public void What_is_no_task_is_an_error_of_its_own_and_the_rest_is_added_up()
    {
        using var shell = new ModuleShell();
        var result = shell.Run(Tasks + "'a1', $null, $tasks[0] | Measure-MJCost");
        Assert.Equal(["MJ.InvalidTask", "MJ.InvalidTask"], result.ErrorIds);
        Assert.Equal("all 1 1 0 0 0 0.05", Line(result, 0));
    }

    private static string Line(ShellResult result, int row) =>
        string.Join(' ', new[] { "Group", "Tasks", "Completed", "Failed", "Open", "Unpriced", "Cost" }.Select(p => Convert.ToString(result.Output[row].Properties[p].Value, System.Globalization.CultureInfo.InvariantCulture)));
}
