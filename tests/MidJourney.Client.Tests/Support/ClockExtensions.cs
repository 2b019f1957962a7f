using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Client.Tests;

/// <summary>Lets virtual time pass for work that goes on elsewhere.</summary>
internal static class ClockExtensions
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly ConditionalWeakTable<FakeTimeProvider, ConcurrentBag<TaskJournal>> Journals = [];

    /// <summary>No time passes while the journal writes to its file, however long the disk takes.</summary>
    public static void WaitFor(this FakeTimeProvider clock, TaskJournal journal) => Journals.GetOrCreateValue(clock).Add(journal);

    /// <summary>Advances until the work has ended, for at most a virtual hour unless told otherwise; throws what it threw.</summary>
    public static async Task<T> Drive<T>(this FakeTimeProvider clock, Task<T> work, TimeSpan? step = null, TimeSpan? most = null)
    {
        await clock.DriveUntil(() => work.IsCompleted, step, most).ConfigureAwait(false);
        return await work.ConfigureAwait(false);
    }

    public static async Task Drive(this FakeTimeProvider clock, Task work, TimeSpan? step = null, TimeSpan? most = null)
    {
        await clock.DriveUntil(() => work.IsCompleted, step, most).ConfigureAwait(false);
        await work.ConfigureAwait(false);
    }

    /// <summary>The <see cref="GatewayException"/> the work ends in.</summary>
    public static Task<GatewayException> Failure(this FakeTimeProvider clock, Task work) =>
        Assert.ThrowsAsync<GatewayException>(() => clock.Drive(work));

    public static async Task DriveUntil(this FakeTimeProvider clock, Func<bool> done, TimeSpan? step = null, TimeSpan? most = null)
    {
        var end = clock.GetUtcNow() + (most ?? TimeSpan.FromHours(1));
        Settle(clock, done);
        while (!done())
        {
            if (clock.GetUtcNow() >= end)
            {
                // What does not wait for virtual time, as for a disk, may need real time.
                for (var n = 0; n < 12_000 && !done(); n++) await Task.Delay(5).ConfigureAwait(false);
                Assert.True(done(), "It has not ended in the virtual time it was given.");
                return;
            }
            clock.Advance(step ?? Step);
            Settle(clock, done);
        }
    }

    private static void Settle(FakeTimeProvider clock, Func<bool> done)
    {
        Func<bool> isWriting = Journals.TryGetValue(clock, out var journals) ? () => journals.Any(j => j.IsWriting) : () => false;
        do
        {
            while (isWriting() && !done()) Thread.Sleep(1);
            PoolQuiet.Wait(done);
        }
        while (isWriting() && !done());
    }

    public static async Task Pass(this FakeTimeProvider clock, TimeSpan time, TimeSpan? step = null)
    {
        var end = clock.GetUtcNow() + time;
        await clock.DriveUntil(() => clock.GetUtcNow() >= end, step).ConfigureAwait(false);
    }
}
