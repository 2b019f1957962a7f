namespace MidJourney;

/// <summary>When a task is read next.</summary>
internal sealed class PollSchedule(TimeSpan minInterval)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private const double ShareOfAge = 0.3;

    /// <summary>The least time between two reads of one task.</summary>
    public TimeSpan MinInterval => minInterval;

    /// <summary>The time until the next read of a task that is so old and still running.</summary>
    public TimeSpan NextDelay(TimeSpan age)
    {
        var delay = TimeSpan.FromTicks((long)(age.Ticks * ShareOfAge));
        if (delay < Shortest) delay = Shortest;
        if (delay > Longest) delay = Longest;
        return delay < minInterval ? minInterval : delay;
    }
}
