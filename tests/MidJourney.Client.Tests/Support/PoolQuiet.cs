using System.Diagnostics;

namespace MidJourney.Client.Tests;

/// <summary>
/// Tells when the thread pool has nothing left to do, so that virtual time never overtakes the work that it wakes:
/// nothing is queued, and no more threads are busy than the test host itself keeps busy. The pool counts a thread as busy
/// from the moment that it is called for, so work that waits for a processor is not overlooked.
/// </summary>
internal static class PoolQuiet
{
    private const int SpinsBeforeSleep = 50;

    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);

    /// <summary>Work of the tests may wait that long for a processor, and must not be taken for the host's.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static int _hostThreads = -1;

    /// <summary>
    /// Mostly the pool is quiet at once, and then nothing is called for: no thread is woken and no time slice given away,
    /// which each would cost milliseconds on a busy machine.
    /// </summary>
    public static void Wait(Func<bool>? done = null)
    {
        var (since, least) = (Stopwatch.GetTimestamp(), int.MaxValue);
        for (var (quiet, rounds) = (0, 0); quiet < 3 && done?.Invoke() != true; rounds++)
        {
            var isEmpty = ThreadPool.PendingWorkItemCount == 0;
            var busy = BusyThreads();
            least = Math.Min(least, busy);
            // The fewest that were ever busy are the host's, unless it has taken one more for itself.
            if (busy < _hostThreads || Stopwatch.GetElapsedTime(since) > (_hostThreads < 0 ? FirstLook : Patience)) _hostThreads = least;
            if (isEmpty && busy <= _hostThreads) quiet++;
            else
            {
                quiet = 0;
                // Who sleeps is woken before those that never do, who yields comes after them.
                if (rounds < SpinsBeforeSleep) Thread.SpinWait(20);
                else Thread.Sleep(1);
            }
        }
    }

    /// <summary>Other than this one.</summary>
    private static int BusyThreads()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most - free - (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
    }
}
