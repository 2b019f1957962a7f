using System.Collections;
using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>Invoke-MJModel: models that have no cmdlet of their own.</summary>
public sealed class AnyModelTests
{
    [Theory]
    [InlineData("@{ a = 'x'; b = 1; c = $true; d = $null; e = 1.5; f = 1,2,3; g = @{ h = @('y', @{ i = 2L }) } }", """{"a":"x","b":1,"c":true,"e":1.5,"f":[1,2,3],"g":{"h":["y",{"i":2}]}}""")]
    [InlineData("[ordered] @{ z = 1; a = [decimal] 2.5; m = [single] 0.1; n = [byte] 7; u = [uint64]::MaxValue }", """{"z":1,"a":2.5,"m":0.1,"n":7,"u":18446744073709551615}""")]
    [InlineData("[pscustomobject] @{ text = 'a \"quoted\"'; list = @(); inner = [pscustomobject] @{ deep = @(,@(1, 2)) } }", """{"text":"a \"quoted\"","list":[],"inner":{"deep":[[1,2]]}}""")]
    [InlineData("@{ mask = New-MJMask -Url https://example.org/m.png; letter = [char] 'x'; url = [uri] 'https://example.org/a b' }", """{"mask":{"url":"https://example.org/m.png"},"letter":"x","url":"https://example.org/a b"}""")]
    [InlineData("@{}", "{}")]
    public async Task Parameters_pass_through_as_given(string given, string wire)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run($"Invoke-MJModel -Model midjourney_pan -Parameter ({given})").MustSucceed();
        Assert.Equal(1, gateway.CountOf("midjourney_pan", wire).TasksMade);
    }

    [Theory]
    [InlineData("@{ when = [datetime]::Now }", "when")]
    [InlineData("@{ a = @{ b = @(1, { 'script' }) } }", "a.b[1]")]
    [InlineData("@{ size = [double]::NaN }", "size")]
    [InlineData("@{ size = [single]::PositiveInfinity }", "size")]
    [InlineData("@{ text = 'x' + [char] 0xDC00 }", "text")]
    [InlineData("@{ '' = 1 }", "without a name")]
    [InlineData("@{ type = [System.DayOfWeek]::Monday }", "type")]
    [InlineData("'direction=1'", "table")]
    [InlineData("42", "table")]
    public async Task What_is_no_plain_JSON_is_refused_by_its_place(string given, string place)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run($"Invoke-MJModel midjourney_pan ({given})");
        Assert.Equal(["MJ.InvalidParameter"], result.ErrorIds);
        Assert.Contains("-Parameter", result.Errors[0].Exception.Message);
        Assert.Contains(place, result.Errors[0].Exception.Message);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Fact]
    public async Task A_table_that_holds_itself_is_refused()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        Assert.Equal(["MJ.InvalidParameter"], shell.Run("$a = @{}; $a.a = $a; Invoke-MJModel midjourney_pan $a").ErrorIds);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Theory]
    [InlineData("''")]
    [InlineData("'mid journey'")]
    [InlineData("\"pan`nx\"")]
    public async Task What_is_no_model_is_refused(string model)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        Assert.Equal(["MJ.InvalidParameter"], shell.Run($"Invoke-MJModel {model}").ErrorIds);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Fact]
    public async Task A_chain_goes_through_it_and_keeps_its_origin()
    {
        var options = TestKey.Options();
        options.StrictJobs = true;
        await using var gateway = await GatewayEmulator.StartAsync(options);
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("""
            'a lighthouse' | Invoke-MJDiffusion | Wait-MJTask | Invoke-MJModel midjourney_pan @{ direction = 1 } -ImageNo 0,3 | Wait-MJTask
            """).MustSucceed();
        Assert.Equal(["0", "3"], result.Texts("SourceImageNo").Order());
        Assert.Equal(gateway.Tasks.Where(t => t.Model == "midjourney_pan").Select(t => t.JobId), result.Texts("SourceJobId"));
    }

    [Fact]
    public async Task A_task_from_the_pipeline_never_says_which_model_is_paid()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Get-Command Invoke-MJModel | ForEach-Object { $_.Parameters['Model'].Attributes | Where-Object ValueFromPipelineByPropertyName }").MustSucceed();
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("-JobId a", "@{ jobId = 'b' }")]
    [InlineData("-ImageNo 1", "@{ imageNo = 2 }")]
    [InlineData("-Callback https://example.org/a", "@{ callback = 'https://example.org/b' }")]
    public async Task What_is_given_twice_must_be_the_same(string parameter, string table)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        Assert.Equal(["MJ.InvalidParameter"], shell.Run($"Invoke-MJModel midjourney_pan {table} {parameter}").ErrorIds);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    [Fact]
    public async Task A_refused_one_can_be_sent_again_from_its_error()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Faults.Add(new Fault { Operation = Operation.Create, Kind = FaultKind.Status, Status = 400, Times = 1 });
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Invoke-MJModel midjourney_pan @{ direction = 1; mask = @{ areas = @(@{ points = 1,2 }) } } -JobId j");
        Assert.Equal(["MJ.GatewayRefused"], result.ErrorIds);
        var target = (PSObject)result.Errors[0].TargetObject;
        Assert.Equal("midjourney_pan", target.Properties["Model"].Value);
        Assert.Equal("j", ((IDictionary)target.Properties["Parameter"].Value)["jobId"]);
        shell.Run("$target | Invoke-MJModel $target.Model", ("target", target)).MustSucceed();
        Assert.Equal(1, gateway.CountOf("midjourney_pan", """{"direction":1,"mask":{"areas":[{"points":[1,2]}]},"jobId":"j"}""").TasksMade);
    }

    [Fact]
    public async Task A_model_that_the_gateway_does_not_know_is_the_gateways_to_refuse()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        var result = shell.Run("Invoke-MJModel midjourney_imaginary @{ a = 1 }");
        Assert.Equal(["MJ.GatewayRefused"], result.ErrorIds);
        Assert.Equal(0, gateway.Counts.TasksMade);
    }

    [Fact]
    public void Completion_offers_the_listed_models()
    {
        using var shell = new ModuleShell();
        var result = shell.Run("[System.Management.Automation.CommandCompletion]::CompleteInput('Invoke-MJModel -Model pa', 24, $null).CompletionMatches.CompletionText").MustSucceed();
        Assert.Equal(["midjourney_inpaint", "midjourney_outpaint", "midjourney_pan", "midjourney_uploadpaint"], result.Output.Select(o => o.ToString()).Order());
    }
}
