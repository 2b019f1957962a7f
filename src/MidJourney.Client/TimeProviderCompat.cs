namespace MidJourney;

/// <summary>The same spelling for both frameworks of what each has under a name of its own.</summary>
internal static class TimeProviderCompat
{
    /// <summary>Waits at least that long: timers count whole milliseconds, and a wait cut short would be asked for again and again.</summary>
    public static Task Delay(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken)
    {
#if NET
        return Task.Delay(Whole(delay), time, cancellationToken);
#else
        return TimeProviderTaskExtensions.Delay(time, Whole(delay), cancellationToken);
#endif
    }

    /// <summary>A source that cancels itself after that long.</summary>
    public static CancellationTokenSource CancelAfter(this TimeProvider time, TimeSpan delay) =>
#if NET
        new(Whole(delay), time);
#else
        TimeProviderTaskExtensions.CreateCancellationTokenSource(time, Whole(delay));
#endif

    /// <summary>Waits for work that goes on whether it is waited for or not.</summary>
    public static async Task<T> OrCancelled<T>(this Task<T> work, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(work, Task.Delay(Timeout.Infinite, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        if (!work.IsCompleted) cancellationToken.ThrowIfCancellationRequested();
        return await work.ConfigureAwait(false);
    }

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
