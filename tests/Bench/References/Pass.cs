using System.Diagnostics;

namespace MidJourney.Bench.References;

/// <summary>One pass of a loop: prints how long it took, and the processor time of the process meanwhile.</summary>
internal static class Pass
{
    public static async Task RunAsync(string name, int count, int concurrency, Func<int, CancellationToken, ValueTask> row)
    {
        var used = ProcessorTime();
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = concurrency }, row);
        Console.WriteLine(FormattableString.Invariant($"{name}={clock.Elapsed.TotalSeconds}"));
        Console.WriteLine(FormattableString.Invariant($"{name}-cpu={(ProcessorTime() - used).TotalSeconds}"));
    }

    private static TimeSpan ProcessorTime()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
