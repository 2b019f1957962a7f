namespace MidJourney.Tests;

/// <summary>Waits for what must come about, however slow the machine is.</summary>
internal static class Soon
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Looks again and again, for a minute at least.</summary>
    public static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 12_000 && !condition(); i++) await Task.Delay(Step);
        Assert.True(condition(), "It did not come about.");
    }
}
