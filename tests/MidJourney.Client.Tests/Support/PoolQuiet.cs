namespace MidJourney.Client.Tests;

/// <summary>
/// Tells when the thread pool has nothing left to do, so that virtual time never overtakes the work that it wakes:
/// nothing is queued, and no more threads are busy than the test host itself keeps busy. The pool counts a thread as busy
/// from the moment that it is called for, so work that waits for a processor is not overlooked.
/// </summary>
internal static class PoolQuiet
{
    private const int SpinsBeforeSleep = 50;

    /// <summary>
    /// About two seconds on an idle machine. On a busy one, where work of the tests waits for a processor and must not be
    /// taken for the host's, this thread waits for it as well, so that as many rounds take longer.
    /// </summary>
    private const int Patience = 2000;

    private static int _hostThreads = -1;

    /// <summary>
    /// Mostly the pool is quiet at once, and then nothing is called for: no thread is woken and no time slice given away,
    /// which each would cost milliseconds on a busy machine.
    /// </summary>
    public static void Wait(Func<bool>? done = null)
    {
        var least = int.MaxValue;
        for (var (quiet, rounds) = (0, 0); quiet < 3 && done?.Invoke() != true; rounds++)
        {
            var isEmpty = ThreadPool.PendingWorkItemCount == 0;
            var busy = BusyThreads();
            least = Math.Min(least, busy);
            // The fewest that were ever busy are the host's, unless it has taken one more for itself.
            if (busy < _hostThreads || rounds > Patience) _hostThreads = least;
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
