namespace MidJourney;

/// <summary>How long to wait before the next try: doubling, bounded, and spread so that many do not come back at once.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <param name="failures">How many tries have failed so far, 1 or more.</param>
    /// <param name="spread">0 to 1, random.</param>
    public static TimeSpan After(int failures, double spread)
    {
        var full = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(failures, 16) - 1));
        return TimeSpan.FromSeconds(full * (0.75 + 0.5 * spread));
    }
}
