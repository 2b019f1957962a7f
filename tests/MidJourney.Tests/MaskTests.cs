namespace MidJourney.Tests;

/// <summary>Masks, canvases and positions: what is taken for one, and what is refused before anything is paid.</summary>
public sealed class MaskTests
{
    private const string Triangle = """{"areas":[{"width":1024,"height":1024,"points":[0,0,500,0,0,500]}]}""";

    [Theory]
    [InlineData("'1024x1024: 0,0,500,0,0,500'", Triangle)]
    [InlineData("' 1024 X 1024:0 0 500 0 0 500 '", Triangle)]
    [InlineData("'1024x1024: 0,0,500,0,0,500; 10,20,30,40'", """{"areas":[{"width":1024,"height":1024,"points":[0,0,500,0,0,500]},{"width":1024,"height":1024,"points":[10,20,40,20,40,60,10,60]}]}""")]
    [InlineData("@{ areas = @{ width = 1024; height = 1024; points = 0,0,500,0,0,500 } }", Triangle)]
    [InlineData("[pscustomobject] @{ Areas = @([pscustomobject] @{ Width = '1024'; Height = '1024'; Points = @('0', 0, 500L, 0, 0, 500) }) }", Triangle)]
    [InlineData("@{ url = 'https://example.org/m.png' }", """{"url":"https://example.org/m.png"}""")]
    [InlineData("([uri] 'https://example.org/m.png')", """{"url":"https://example.org/m.png"}""")]
    [InlineData("(New-MJMask 1024x1024 -Polygon 0,0,500,0,0,500)", Triangle)]
    [InlineData("(New-MJMask 1024x1024 -Polygon '0,0,500,0,0,500')", Triangle)]
    [InlineData("(New-MJMask -Size 600x500 -Rectangle '0,0,600,500', '1,1,2,2')", """{"areas":[{"width":600,"height":500,"points":[0,0,600,0,600,500,0,500]},{"width":600,"height":500,"points":[1,1,3,1,3,3,1,3]}]}""")]
    [InlineData("(New-MJMask -Url https://example.org/m.png)", """{"url":"https://example.org/m.png"}""")]
    [InlineData("(New-MJMask 1024x1024 -Polygon 0,0,500,0,0,500).ToString()", Triangle)]
    [InlineData("([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((New-MJMask 1024x1024 -Polygon 0,0,500,0,0,500))))", Triangle)]
    public async Task A_mask_comes_in_many_forms(string given, string wire)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run($"[pscustomobject] @{{ JobId = 'j'; ImageNo = 0; Mask = {given} }} | Invoke-MJInpaint").MustSucceed();
        Assert.Equal(1, gateway.CountOf("midjourney_inpaint", $$"""{"jobId":"j","imageNo":0,"mask":{{wire}}}""").TasksMade);
    }

    [Theory]
    [InlineData("'1024x1024'")]
    [InlineData("'1024x1024:'")]
    [InlineData("'0,0,500,0,0,500'")]
    [InlineData("'1024x1024: 0,0,500,0,0'")]
    [InlineData("'1024x1024: 0,0,500'")]
    [InlineData("'1024x1024: 0,0,500,0,0,500;'")]
    [InlineData("'1024x1024: 0,0,500,0,0,5e2'")]
    [InlineData("'1024x1024: 10,10,0,20'")]
    [InlineData("'1024x1024: 1000,10,30,20'")]
    [InlineData("'1024x1024: 0,0,500,0,0,1025'")]
    [InlineData("'1024x1024: -1,0,500,0,0,500'")]
    [InlineData("'1024x1024: 2147483647,0,1,1'")]
    [InlineData("'1024x1024: 0,0,100,100,500,500'")]
    [InlineData("'1024x1024: 7,7,7,7,7,7'")]
    [InlineData("'499x1024: 0,0,400,0,0,400'")]
    [InlineData("'1024x4097: 0,0,400,0,0,400'")]
    [InlineData("'ftp://example.org/m.png'")]
    [InlineData("@{}")]
    [InlineData("@{ url = '' }")]
    [InlineData("@{ areas = @() }")]
    [InlineData("@{ areas = 'all' }")]
    [InlineData("@{ areas = @{ width = 1024; height = 1024; points = 0,0,500,0,0,0.5 } }")]
    [InlineData("@{ areas = @{ width = 1024; height = 1024; points = $null } }")]
    [InlineData("@{ url = 'https://example.org/m.png'; areas = @{ width = 1024; height = 1024; points = 0,0,500,0,0,500 } }")]
    [InlineData("42")]
    public async Task A_mask_that_cannot_be_right_is_refused_before_anything_is_sent(string given)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run($"[pscustomobject] @{{ JobId = 'j'; ImageNo = 0; Mask = {given} }} | Invoke-MJInpaint");
        Assert.Equal(["MJ.InvalidParameter"], result.ErrorIds);
        Assert.Contains("-Mask", result.Errors[0].Exception.Message);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Theory]
    [InlineData("New-MJMask 1024x1024", "-Rectangle")]
    [InlineData("New-MJMask '' -Rectangle 0,0,10,10", "-Size")]
    [InlineData("New-MJMask 1024x1024 -Rectangle 0,0,10", "-Rectangle")]
    [InlineData("New-MJMask 1024x1024 -Polygon 0,0,10,a", "-Polygon")]
    [InlineData("New-MJMask 1024x1024 -Polygon 0,0,10,10", "-Polygon")]
    [InlineData("New-MJMask -Url /m.png", "-Url")]
    [InlineData("New-MJMask -Url ''", "-Url")]
    public void A_mask_that_cannot_be_right_is_not_made(string command, string parameter)
    {
        using var shell = new ModuleShell();
        // Whatever the mask was meant for must not go on without it.
        var result = shell.Run($"{command}; 'went on'");
        Assert.Equal("MJ.InvalidParameter", result.ThrownId);
        Assert.Contains(parameter, result.Thrown!.Exception.Message);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("'2048x1024'", "''", """{"width":1024,"height":1024,"x":512,"y":0}""")]
    [InlineData("'2048x1024'", "'1000x501'", """{"width":1000,"height":501,"x":524,"y":261}""")]
    [InlineData("@{ width = 2048; height = 1024 }", "@{ width = 1000; height = 500; x = 0; y = '10' }", """{"width":1000,"height":500,"x":0,"y":10}""")]
    [InlineData("@{ width = 2048; height = 1024 }", "@{ width = 1000; height = 500 }", """{"width":1000,"height":500,"x":524,"y":262}""")]
    [InlineData("[pscustomobject] @{ Width = '2048'; Height = '1024' }", "'2100x1024-26+0'", """{"width":2100,"height":1024,"x":-26,"y":0}""")]
    public async Task A_canvas_and_a_position_come_in_many_forms(string canvas, string position, string wire)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run($"[pscustomobject] @{{ JobId = 'j'; ImageNo = 0; Canvas = {canvas}; ImgPos = {position}; RemixPrompt = 'x' }} | Invoke-MJEdit").MustSucceed();
        Assert.Equal(1, gateway.CountOf("midjourney_edit", $$"""{"jobId":"j","imageNo":0,"canvas":{"width":2048,"height":1024},"imgPos":{{wire}},"remixPrompt":"x"}""").TasksMade);
    }

    [Fact]
    public async Task A_refused_record_can_be_mended_and_piped_in_again()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Status, Status = 400, Times = 1 });
        using var shell = ModuleShell.For(gateway);
        const string edit = "Invoke-MJEdit j -ImageNo 1 -Canvas 2048x1024 -ImgPos 1456x816+10+20 -RemixPrompt x -Mask '1024x1024: 0,0,500,0,0,500' -ErrorVariable refused -ErrorAction SilentlyContinue";
        shell.Run($"{edit}; $refused[0].TargetObject | Invoke-MJEdit").MustSucceed();
        Assert.Equal(1, gateway.CountOf("midjourney_edit", $$"""
            {"jobId":"j","imageNo":1,"canvas":{"width":2048,"height":1024},"imgPos":{"width":1456,"height":816,"x":10,"y":20},"remixPrompt":"x","mask":{{Triangle}}}
            """).TasksMade);
    }

    [Fact]
    public async Task What_was_masked_before_can_be_skipped_however_it_was_written()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run("Invoke-MJInpaint masked -ImageNo 0 -Mask (New-MJMask 1024x1024 -Polygon 0,0,500,0,0,500)").MustSucceed();
        shell.Run("Invoke-MJInpaint masked -ImageNo 0 -Mask @{ areas = @{ points = 0,0,500,0,0,500; height = 1024; width = 1024 } } -SkipSubmitted").MustSucceed();
        Assert.Single(gateway.Tasks);
        shell.Run("Invoke-MJInpaint masked -ImageNo 0 -Mask '1024x1024: 0,0,500,0,0,501' -SkipSubmitted").MustSucceed();
        Assert.Equal(2, gateway.Tasks.Count);
    }
}
