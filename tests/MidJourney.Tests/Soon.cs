namespace MidJourney.Tests;

/// <summary>Waits for what must come about, however slow the machine is.</summary>
internal static class Soon
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Looks again and again, for a minute at least.</summary>
    public static Task Until(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>The same for a condition that must be asked for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 12_000 && !await condition(); i++) await Task.Delay(Step);
        Assert.True(await condition(), "It did not come about.");
    }
}
