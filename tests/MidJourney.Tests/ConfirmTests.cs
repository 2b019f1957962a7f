namespace MidJourney.Tests;

/// <summary>The questions of -Confirm, which need a host that answers them.</summary>
public sealed class ConfirmTests
{
    [Fact]
    public async Task Confirm_shows_the_price_of_each_task_that_would_be_paid_and_asks_nothing_else()
    {
        await using var gateway = await GatewayEmulator.StartAsync(TestKey.Options());
        var host = new TestHost();
        using var shell = ModuleShell.For(gateway, $"-JournalPath '{TestFolder.NewFile(".jsonl")}'", host);
        shell.Run("$null = Invoke-MJUpscale -JobId paid -ImageNo 0 -Type Creative -Wait").MustSucceed();
        var tasks = shell.Run("'paid', 'new', 'other' | Invoke-MJUpscale -ImageNo 0 -Type Creative -Confirm -WarningAction SilentlyContinue").MustSucceed().Output;
        Assert.Equal(3, tasks.Count);
        Assert.Equal(["new", "other"], host.Questions.Select(q => q.Split("job ")[1].Split(',')[0]));
        Assert.All(host.Questions, q => Assert.Contains("\"Create a paid upscale (about $0.05)\"", q, StringComparison.Ordinal));
        Assert.Equal(3, gateway.Counts.TasksMade);
    }
}
