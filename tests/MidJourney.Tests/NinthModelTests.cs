namespace MidJourney.Tests;

/// <summary>A new model of the gateway costs one class: that of tests/NinthModel has everything that the others have.</summary>
public sealed class NinthModelTests
{
    private const string Model = "midjourney_reroll";

    [Fact]
    public async Task It_binds_submits_waits_skips_and_is_asked_about_like_the_others()
    {
        await using var gateway = await StartAsync();
        using var shell = ShellFor(gateway);
        shell.Run("[pscustomobject] @{ JobId = 'ninth'; ImageNo = '0,1'; Chance = '0.5' } | Invoke-MJReroll -WhatIf").MustSucceed();
        Assert.Equal(0, gateway.Counts.Creates);

        var made = shell.Run("[pscustomobject] @{ JobId = 'ninth'; ImageNo = '0,1'; Chance = '0.5' } | Invoke-MJReroll -Wait").MustSucceed();
        Assert.Equal(["Completed", "Completed"], made.Texts("Status"));
        Assert.Equal(["0", "1"], made.Texts("SourceImageNo").Order());
        Assert.Equal(1, gateway.CountOf(Model, """{"jobId":"ninth","imageNo":1,"chance":0.5}""").TasksMade);

        var again = shell.Run("Invoke-MJReroll ninth -ImageNo 0,1 -Chance .50 -SkipSubmitted").MustSucceed();
        Assert.Equal(made.Texts("Id").Order(), again.Texts("Id").Order());
        Assert.Equal(2, gateway.Counts.Creates);
    }

    [Fact]
    public async Task What_it_does_not_take_is_refused_like_the_others()
    {
        await using var gateway = await StartAsync();
        using var shell = ShellFor(gateway);
        var result = shell.Run("Invoke-MJReroll ninth -ImageNo 0 -Chance 2");
        Assert.Equal(["MJ.InvalidParameter"], result.ErrorIds);
        Assert.Contains("-Chance", result.Errors[0].Exception.Message);
        Assert.Equal(0, gateway.Counts.Creates);
    }

    private static Task<GatewayEmulator> StartAsync()
    {
        var options = TestKey.Options();
        options.OtherModels = [Model];
        return GatewayEmulator.StartAsync(options);
    }

    private static ModuleShell ShellFor(GatewayEmulator gateway)
    {
        var shell = ModuleShell.For(gateway);
        shell.Run($"Import-Module '{Repository.Built("NinthModel", "net8.0")}'").MustSucceed();
        return shell;
    }
}
