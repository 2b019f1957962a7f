using System.Diagnostics;

namespace MidJourney.Client.Tests;

/// <summary>
/// Tells when the thread pool has nothing left to do, so that virtual time never overtakes the work that it wakes:
/// nothing is queued, and no more threads are busy than the test host itself keeps busy.
/// </summary>
internal static class PoolQuiet
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static int _hostThreads = int.MaxValue;

    public static async Task WaitAsync(Func<bool>? done = null)
    {
        var since = Stopwatch.GetTimestamp();
        await TakeTurnAsync().ConfigureAwait(false);
        for (var quiet = 0; quiet < 10 && done?.Invoke() != true;)
        {
            Thread.Yield();
            var busy = BusyThreads();
            // The host may have taken one thread more for itself.
            if (busy < _hostThreads || Stopwatch.GetElapsedTime(since) > Patience) _hostThreads = busy;
            quiet = ThreadPool.PendingWorkItemCount == 0 && busy <= _hostThreads ? quiet + 1 : 0;
        }
    }

    /// <summary>Goes to the end of the pool's queue, behind all that is there already.</summary>
    private static Task TakeTurnAsync() =>
        Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);

    /// <summary>Other than this one.</summary>
    private static int BusyThreads()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most - free - (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
    }
}
