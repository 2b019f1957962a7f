using System.Management.Automation;

namespace MidJourney.Tests;

public sealed class ModelTests
{
    [Theory]
    [InlineData("Invoke-MJDiffusion 'a lighthouse --ar 16:9'", "midjourney_diffusion", """{"text":"a lighthouse --ar 16:9"}""")]
    [InlineData("Invoke-MJVariation job-1 -ImageNo 2 -Type strong", "midjourney_variation", """{"jobId":"job-1","imageNo":2,"type":1}""")]
    [InlineData("Invoke-MJVariation job-1 -ImageNo 2 -Type 0 -RemixPrompt 'at dusk'", "midjourney_variation", """{"jobId":"job-1","imageNo":2,"type":0,"remixPrompt":"at dusk"}""")]
    [InlineData("Invoke-MJRemix job-1 -ImageNo 0 -RemixPrompt 'at dusk'", "midjourney_remix", """{"jobId":"job-1","imageNo":0,"remixPrompt":"at dusk"}""")]
    [InlineData("Invoke-MJRemix job-1 -ImageNo 0 -RemixPrompt 'at dusk' -Mode Subtle", "midjourney_remix", """{"jobId":"job-1","imageNo":0,"remixPrompt":"at dusk","mode":1}""")]
    [InlineData("Invoke-MJOutpaint job-1 -ImageNo 3 -Scale 1.5 -RemixPrompt ''", "midjourney_outpaint", """{"jobId":"job-1","imageNo":3,"scale":1.5}""")]
    [InlineData("Invoke-MJRetexture https://example.org/a.png -RemixPrompt 'of glass'", "midjourney_retexture", """{"imgUrl":"https://example.org/a.png","remixPrompt":"of glass"}""")]
    [InlineData("Invoke-MJInpaint job-1 -ImageNo 1 -Mask 'https://example.org/mask.png'", "midjourney_inpaint", """{"jobId":"job-1","imageNo":1,"mask":{"url":"https://example.org/mask.png"}}""")]
    [InlineData("Invoke-MJInpaint job-1 -ImageNo 1 -Mask '1024x768: 100,100,300,200' -RemixPrompt 'a boat'", "midjourney_inpaint",
        """{"jobId":"job-1","imageNo":1,"mask":{"areas":[{"width":1024,"height":768,"points":[100,100,400,100,400,300,100,300]}]},"remixPrompt":"a boat"}""")]
    [InlineData("Invoke-MJEdit job-1 -ImageNo 0 -Canvas 2048x1024 -RemixPrompt 'wider'", "midjourney_edit",
        """{"jobId":"job-1","imageNo":0,"canvas":{"width":2048,"height":1024},"imgPos":{"width":1024,"height":1024,"x":512,"y":0},"remixPrompt":"wider"}""")]
    [InlineData("Invoke-MJEdit job-1 -ImageNo 0 -Canvas 2048x1024 -ImgPos 1456x816 -RemixPrompt 'wider' -Mask '1024x1024: 0,0,500,0,0,500'", "midjourney_edit",
        """{"jobId":"job-1","imageNo":0,"canvas":{"width":2048,"height":1024},"imgPos":{"width":1456,"height":816,"x":296,"y":104},"remixPrompt":"wider","mask":{"areas":[{"width":1024,"height":1024,"points":[0,0,500,0,0,500]}]}}""")]
    [InlineData("Invoke-MJUploadPaint https://example.org/a.png -Canvas 1024x1024 -ImgPos 512x512+256-10 -Mask https://example.org/m.png -RemixPrompt 'a frame'", "midjourney_uploadpaint",
        """{"imgUrl":"https://example.org/a.png","canvas":{"width":1024,"height":1024},"imgPos":{"width":512,"height":512,"x":256,"y":-10},"mask":{"url":"https://example.org/m.png"},"remixPrompt":"a frame"}""")]
    [InlineData("Invoke-MJModel midjourney_pan @{ direction = 1; scale = 1.5 } -JobId job-1 -ImageNo 2", "midjourney_pan", """{"direction":1,"scale":1.5,"jobId":"job-1","imageNo":2}""")]
    public async Task A_command_makes_the_models_request(string command, string model, string parameters)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run(command).MustSucceed();
        Assert.Equal(model, result.Value("Model"));
        Assert.Equal(1, gateway.CountOf(model, parameters).TasksMade);
        Assert.Equal(1, gateway.Counts.Creates);
    }

    [Theory]
    [InlineData("Invoke-MJDiffusion ''", "-Text")]
    [InlineData("Invoke-MJDiffusion $null", "-Text")]
    [InlineData("Invoke-MJDiffusion ('x' * 8193)", "-Text")]
    [InlineData("Invoke-MJDiffusion ('x' + [char] 0xD83D)", "-Text")]
    [InlineData("Invoke-MJVariation j -ImageNo 0 -Type Creative", "-Type")]
    [InlineData("Invoke-MJVariation j -ImageNo 0 -Type ''", "-Type")]
    [InlineData("Invoke-MJVariation j -ImageNo 0 -Type Subtle -RemixPrompt ('x' * 8193)", "-RemixPrompt")]
    [InlineData("Invoke-MJRemix j -ImageNo 0 -RemixPrompt ' '", "-RemixPrompt")]
    [InlineData("Invoke-MJRemix j -ImageNo 0 -RemixPrompt x -Mode 2", "-Mode")]
    [InlineData("Invoke-MJOutpaint j -ImageNo 0 -Scale 1.09", "-Scale")]
    [InlineData("Invoke-MJOutpaint j -ImageNo 0 -Scale 2.01", "-Scale")]
    [InlineData("Invoke-MJOutpaint j -ImageNo 0 -Scale '1,5'", "-Scale")]
    [InlineData("Invoke-MJRetexture /a.png -RemixPrompt x", "-ImgUrl")]
    [InlineData("Invoke-MJEdit j -ImageNo 0 -Canvas 2048 -RemixPrompt x", "-Canvas")]
    [InlineData("Invoke-MJEdit j -ImageNo 0 -Canvas '' -RemixPrompt x", "-Canvas")]
    [InlineData("Invoke-MJEdit j -ImageNo 0 -Canvas 0x1024 -RemixPrompt x", "-Canvas")]
    [InlineData("Invoke-MJEdit j -ImageNo 0 -Canvas 99999999999x1024 -RemixPrompt x", "-Canvas")]
    [InlineData("Invoke-MJEdit j -ImageNo 0 -Canvas 2048x1024 -ImgPos middle -RemixPrompt x", "-ImgPos")]
    [InlineData("Invoke-MJEdit j -ImageNo 0 -Canvas 2048x1024 -ImgPos 1024x1024+10 -RemixPrompt x", "-ImgPos")]
    [InlineData("Invoke-MJEdit j -ImageNo 0 -Canvas 2048x1024 -RemixPrompt ''", "-RemixPrompt")]
    [InlineData("Invoke-MJEdit j -ImageNo 0 -Canvas 2048x1024 -RemixPrompt x -Mask here", "-Mask")]
    [InlineData("Invoke-MJUploadPaint a.png -Canvas 2048x1024 -Mask https://example.org/m.png -RemixPrompt x", "-ImgUrl")]
    [InlineData("Invoke-MJUploadPaint https://example.org/a.png -Canvas 2048x1024 -Mask $null -RemixPrompt x", "-Mask")]
    [InlineData("Invoke-MJInpaint j -ImageNo 0 -Mask ''", "-Mask")]
    [InlineData("Invoke-MJRetexture ('https://example.org/' + 'a' * 1005) -RemixPrompt x", "-ImgUrl")]
    public async Task What_a_model_does_not_take_is_refused_by_name_before_anything_is_sent(string command, string parameter)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run(command);
        Assert.Null(result.Thrown);
        Assert.Equal(["MJ.InvalidParameter"], result.ErrorIds);
        Assert.Contains(parameter, result.Errors[0].Exception.Message);
        Assert.NotNull(((PSObject)result.Errors[0].TargetObject).Properties[parameter.TrimStart('-')]);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Theory]
    [InlineData("Invoke-MJVariation ' ' -ImageNo 0 -Type Subtle", "MJ.JobIdMissing")]
    [InlineData("Invoke-MJRemix j -ImageNo 4 -RemixPrompt x", "MJ.InvalidImageNumber")]
    [InlineData("Invoke-MJOutpaint j -ImageNo '' -Scale 2", "MJ.InvalidImageNumber")]
    [InlineData("Invoke-MJInpaint '' -ImageNo 0 -Mask https://example.org/m.png", "MJ.JobIdMissing")]
    [InlineData("Invoke-MJEdit j -ImageNo x -Canvas 2048x1024 -RemixPrompt x", "MJ.InvalidImageNumber")]
    [InlineData("Invoke-MJModel midjourney_pan -JobId j -ImageNo 4", "MJ.InvalidImageNumber")]
    [InlineData("Invoke-MJModel midjourney_pan @{ callback = 'ftp://example.org' }", "MJ.InvalidCallbackUrl")]
    [InlineData("Invoke-MJDiffusion x -Callback ftp://example.org", "MJ.InvalidCallbackUrl")]
    public async Task What_all_models_take_is_checked_alike(string command, string errorId)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        Assert.Equal([errorId], shell.Run(command).ErrorIds);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Fact]
    public async Task A_prompt_is_sent_and_kept_exactly_as_it_was_given()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        const string prompt = "  a \"quoted\" 'lighthouse'\r\n\tbei Nacht – 灯台 \U0001F5FC {red, blue\\} --ar 16:9 \\ </p> ";
        var result = shell.Run("$prompt | Invoke-MJDiffusion", ("prompt", prompt)).MustSucceed();
        Assert.Equal(prompt, gateway.Tasks.Single().Prompt);
        Assert.Equal(prompt, result.Value("Prompt"));
    }

    [Fact]
    public async Task Characters_are_counted_as_Unicode_does()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run("Invoke-MJDiffusion ([char]::ConvertFromUtf32(0x1F5FC) * 8192)").MustSucceed();
        Assert.Single(gateway.Tasks);
    }

    [Fact]
    public async Task A_chain_goes_from_prompts_to_upscales_without_glue()
    {
        var options = TestKey.Options();
        options.StrictJobs = true;
        await using var gateway = await GatewayEmulator.StartAsync(options);
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("""
            'a lighthouse', 'a harbour' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJVariation -ImageNo 1 -Type Subtle | Wait-MJTask |
                Invoke-MJUpscale -ImageNo 0,1,2,3 -Type Creative | Wait-MJTask
            """).MustSucceed();
        Assert.Equal(8, result.Output.Count);
        Assert.Equal(["midjourney_diffusion", "midjourney_upscale", "midjourney_variation"], gateway.Tasks.Select(t => t.Model).Distinct().Order());
        Assert.Equal(12, gateway.Tasks.Count);
    }

    /// <summary>Says of each task its prompts, and whether its source is the first or the second of them.</summary>
    private const string Lineage = """
        $sources = @{ $grid.Id = 'grid'; $remix.Id = 'remix' }
        foreach ($task in $grid, $remix, $upscale) { "$($task.Prompt)|$($task.SourcePrompt)|$(if ($task.SourceTaskId) { $sources[$task.SourceTaskId] })" }
        """;

    [Fact]
    public async Task Each_task_of_a_chain_knows_where_it_came_from_and_so_does_the_journal()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var journal = $"-JournalPath '{TestFolder.NewFile(".jsonl")}'";
        using var shell = ModuleShell.For(gateway, journal);
        string[] expected = ["a harbour||", "at dusk|a harbour|grid", "|a harbour|remix"];
        var seen = shell.Run("""
            $grid = 'a harbour' | Invoke-MJDiffusion | Wait-MJTask
            $remix = $grid | Invoke-MJRemix -ImageNo 1 -RemixPrompt 'at dusk' | Wait-MJTask
            $upscale = $remix | Invoke-MJUpscale -ImageNo 2 -Type Creative | Get-MJTask | Wait-MJTask

            """ + Lineage).MustSucceed();
        Assert.Equal(expected, seen.Output.Select(o => o.ToString()));
        using var other = ModuleShell.For(gateway, journal);
        var listed = other.Run("""
            $grid, $remix, $upscale = foreach ($model in 'midjourney_diffusion', 'midjourney_remix', 'midjourney_upscale') { Get-MJTask | Where-Object Model -eq $model }

            """ + Lineage).MustSucceed();
        Assert.Equal(expected, listed.Output.Select(o => o.ToString()));
    }

    [Theory]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($grid))")]
    [InlineData("[pscustomobject] @{ Id = $grid.Id; RawStatus = 'completed'; Status = 'Completed'; Prompt = 'a harbour'; SourcePrompt = ''; SourceTaskId = ''; JobId = $grid.JobId }")]
    [InlineData("[pscustomobject] @{ JobId = $grid.JobId; SourceTaskId = $grid.Id; SourcePrompt = 'a harbour' }")]
    [InlineData("[pscustomobject] @{ JobId = $grid.JobId }")]
    public async Task A_task_tells_its_origin_from_whatever_became_of_it(string form)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var session = form.Contains("$grid.Id", StringComparison.Ordinal) || form.Contains("Serialize", StringComparison.Ordinal) ? $"$null = New-MJSession -ApiKey {TestKey.Value} -BaseUri {gateway.BaseUri} -NoJournal" : "";
        var upscale = shell.Run($$"""
            $grid = Invoke-MJDiffusion 'a harbour' -Wait
            {{session}}
            $upscale = {{form}} | Invoke-MJUpscale -ImageNo 2 -Type Creative
            [pscustomobject] @{ Same = $upscale.SourceTaskId -eq $grid.Id; Prompt = $upscale.SourcePrompt }
            """).MustSucceed();
        Assert.Equal((true, "a harbour"), (upscale.Value("Same"), upscale.Value("Prompt")));
    }

    [Fact]
    public async Task The_journal_tells_the_origin_of_a_job_that_was_given_by_hand()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var journal = $"-JournalPath '{TestFolder.NewFile(".jsonl")}'";
        using var shell = ModuleShell.For(gateway, journal);
        var grid = shell.Run("Invoke-MJDiffusion 'a harbour' -Wait").MustSucceed();
        using var other = ModuleShell.For(gateway, journal);
        var made = other.Run("Invoke-MJRemix $job -ImageNo 0 -RemixPrompt 'at dusk' -Wait | Invoke-MJUpscale -ImageNo 0 -Type 0 -Wait", ("job", grid.Value("JobId"))).MustSucceed();
        // That process knew the remix alone.
        Assert.Equal("at dusk", made.Value("SourcePrompt"));
        var listed = other.Run("Get-MJTask -Last 2").MustSucceed();
        Assert.Equal(["a harbour", "a harbour"], listed.Texts("SourcePrompt"));
        Assert.Contains((string)grid.Value("Id")!, listed.Texts("SourceTaskId"));
    }

    [Fact]
    public async Task A_row_with_an_id_of_its_own_is_no_task()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var task = shell.Run("[pscustomobject] @{ Id = '17'; Status = 'new'; Prompt = 'mine'; JobId = 'j'; ImageNo = '0'; Type = 'Creative' } | Invoke-MJUpscale").MustSucceed();
        Assert.Equal((null, null), (task.Value("SourceTaskId"), task.Value("SourcePrompt")));
    }

    [Theory]
    [InlineData("1, 2 | Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative")]
    [InlineData("1, 2 | Invoke-MJUpscale -JobId j -ImageNo 0 -Type Creative -Callback https://example.org")]
    [InlineData("$rows | Invoke-MJRemix -JobId j -ImageNo 0 -RemixPrompt x")]
    [InlineData("1, 2 | Invoke-MJDiffusion -Text x")]
    [InlineData("$rows | Invoke-MJModel midjourney_pan -JobId j -Parameter @{ direction = 1 }")]
    [InlineData("$true, [datetime]::Now | Invoke-MJModel midjourney_pan")]
    [InlineData("[pscustomobject] @{ RemixPrompt = ''; Callback = '' }, [pscustomobject] @{ RemixPrompt = ' ' } | Invoke-MJOutpaint -JobId j -ImageNo 0 -Scale 1.5")]
    [InlineData("[pscustomobject] @{ JobId = ''; ImageNo = '' }, [pscustomobject] @{ JobId = '' } | Invoke-MJModel midjourney_diffusion @{ text = 'x' }")]
    public async Task Input_that_has_no_say_in_what_is_made_pays_nothing(string command)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run($"$rows = [pscustomobject] @{{ JobId = 'other'; Type = 'Standard' }}, [pscustomobject] @{{ Id = 3 }}\n{command}");
        Assert.Equal(["MJ.InvalidParameter", "MJ.InvalidParameter"], result.ErrorIds);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Fact]
    public async Task Input_that_has_a_say_in_one_thing_makes_a_task_a_record()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        Assert.Equal(2, shell.Run("[pscustomobject] @{ ImageNo = 2 }, [pscustomobject] @{ ImageNo = 3 } | Invoke-MJUpscale -JobId j -Type Creative").MustSucceed().Output.Count);
    }

    [Fact]
    public async Task A_model_of_no_cmdlet_of_its_own_knows_its_source_as_well()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("""
            $grid = Invoke-MJDiffusion 'a harbour' -Wait
            $pan = $grid | Invoke-MJModel midjourney_pan -ImageNo 0 -Parameter @{ direction = 1 }
            $byHand = Invoke-MJModel midjourney_pan -Parameter @{ jobId = $grid.JobId; imageNo = 1 }
            foreach ($task in $pan, $byHand) { "$($task.SourceTaskId -eq $grid.Id) $($task.SourcePrompt)" }
            """).MustSucceed();
        Assert.Equal(["True a harbour", "True a harbour"], result.Output.Select(o => o.ToString()));
    }

    [Fact]
    public async Task What_was_refused_keeps_its_origin_when_it_is_piped_in_again()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Skip = 1, Kind = FaultKind.Status, Status = 400, Times = 1 });
        shell.Run("$grid = Invoke-MJDiffusion 'a harbour' -Wait; $grid | Invoke-MJUpscale -ImageNo 2 -Type Creative -ErrorVariable refused");
        var again = shell.Run($"$null = New-MJSession -ApiKey {TestKey.Value} -BaseUri {gateway.BaseUri} -NoJournal; $refused[0].TargetObject | Invoke-MJUpscale").MustSucceed();
        Assert.Equal("a harbour", again.Value("SourcePrompt"));
        Assert.NotNull(again.Value("SourceTaskId"));
    }

    [Fact]
    public async Task A_create_in_doubt_tells_its_origin_and_binds_to_nothing()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Skip = 1, Kind = FaultKind.CutAfter, Times = 1 });
        shell.Run("$grid = Invoke-MJDiffusion 'a harbour' -Wait; $grid | Invoke-MJUpscale -ImageNo 2 -Type Creative -ErrorVariable lost");
        var result = shell.Run("$lost[0].TargetObject; $lost[0].TargetObject | Invoke-MJUpscale -JobId j -ImageNo 2 -Type Creative");
        Assert.Equal("a harbour", result.Value("SourcePrompt"));
        Assert.Equal(["MJ.InvalidParameter"], result.ErrorIds);
        Assert.Equal(2, gateway.Counts.Creates);
    }

    [Fact]
    public async Task A_task_that_failed_never_feeds_the_next_stage()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Shapes.SetPrompt("bad", new TaskShape { Failure = TaskFailure.GenerationFailed });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("'bad', 'good' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJUpscale -ImageNo 0 -Type Standard");
        Assert.Null(result.Thrown);
        Assert.Single(result.Output);
        Assert.Equal(3, gateway.Counts.TasksMade);
    }

    [Fact]
    public async Task A_prompt_that_was_submitted_before_can_be_skipped_and_keeps_its_text()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var first = shell.Run("Invoke-MJDiffusion 'a lighthouse'").MustSucceed();
        var again = shell.Run("Invoke-MJDiffusion 'a lighthouse' -SkipSubmitted").MustSucceed();
        Assert.Equal(first.Value("Id"), again.Value("Id"));
        Assert.Equal("a lighthouse", again.Value("Prompt"));
        Assert.Single(gateway.Tasks);
    }

    [Fact]
    public async Task A_bad_record_is_the_target_of_its_error_and_the_others_go_on()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("""
            [pscustomobject] @{ JobId = 'a'; ImageNo = '0,1'; Scale = 1.5 }, [pscustomobject] @{ JobId = 'b'; ImageNo = 0; Scale = 3 }, [pscustomobject] @{ JobId = 'c'; ImageNo = 0; Scale = '2.0' } |
                Invoke-MJOutpaint
            """);
        Assert.Equal(["MJ.InvalidParameter"], result.ErrorIds);
        Assert.Equal("b", ((PSObject)result.Errors[0].TargetObject).Properties["JobId"].Value);
        Assert.Equal(3, result.Output.Count);
    }
}
