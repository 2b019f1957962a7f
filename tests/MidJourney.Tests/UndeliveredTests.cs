namespace MidJourney.Tests;

/// <summary>What was accepted, and is paid, stays within reach when a pipeline ends before its time.</summary>
public sealed class UndeliveredTests
{
    private const string Rows = "foreach ($i in 1..40) { [pscustomobject] @{ JobId = \"j$i\"; ImageNo = $(if ($i -eq 20) { 9 } else { 0 }); Type = 0 } }";

    [Theory]
    [InlineData("-ErrorAction Stop")]
    [InlineData("-ErrorAction Stop -Wait")]
    public async Task Tasks_in_flight_at_an_error_that_stops_can_be_waited_for(string parameters)
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        gateway.Settings.AnswerDelay = TimeSpan.FromMilliseconds(100);
        using var shell = ModuleShell.For(gateway, "-ThrottleLimit 8");
        var stopped = shell.Run($"& {{ {Rows} }} | Invoke-MJUpscale {parameters}");
        Assert.Equal("MJ.InvalidImageNumber", stopped.ThrownId);
        var known = stopped.Texts("Id").ToHashSet();
        var session = shell.Run("Get-MJSession").Output.Single();
        await Soon.Until(() => gateway.Counts.InFlight == 0 && Known().SetEquals(gateway.Tasks.Select(t => t.Id)));
        known.UnionWith(shell.Run("(Get-MJSession).Undelivered | Wait-MJTask").MustSucceed().Texts("Id"));
        Assert.Equal(gateway.Tasks.Select(t => t.Id).Order(), known.Order());

        HashSet<string> Known() => [.. known, .. shell.Run("$session.Undelivered", ("session", session)).Texts("Id")];
    }

    [Theory]
    [InlineData("(Get-MJSession).Undelivered | Wait-MJTask")]
    [InlineData("(Get-MJSession).Undelivered | Get-MJTask")]
    [InlineData("Wait-MJTask $null")]
    public void Where_there_is_no_session_the_error_leads_to_the_journal(string script)
    {
        using var shell = new ModuleShell();
        var result = shell.Run(script);
        Assert.Equal(["MJ.InvalidTaskId"], result.ErrorIds);
        Assert.Contains("Get-MJTask | Wait-MJTask", result.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_put_out_is_not_kept()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        using var shell = ModuleShell.For(gateway);
        shell.Run("Invoke-MJUpscale -JobId a -ImageNo 0,1 -Type 0; Invoke-MJUpscale -JobId b -ImageNo 0,1 -Type 0 -Wait").MustSucceed();
        Assert.Empty(shell.Run("(Get-MJSession).Undelivered").MustSucceed().Output);
    }
}
