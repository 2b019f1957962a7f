namespace MidJourney.Bench.Simulation;

/// <summary>What a strategy cost and how late it was: polls per task, seconds from a task's end to the poll that saw it, requests in the busiest second.</summary>
internal sealed record Outcome(double Polls, double Mean, double Median, double P95, double P99, double Max, double PeakRate)
{
    /// <summary>Polls before the last one, which every schedule needs, times the mean delay.</summary>
    public double Product => (Polls - 1) * Mean;

    public static Outcome Of(IReadOnlyCollection<SimulatedTask> tasks, int peakRate)
    {
        var delays = tasks.Select(t => t.Delay).ToArray();
        return new(tasks.Average(t => t.Polls), delays.Average(), delays.Median(), delays.Quantile(0.95), delays.Quantile(0.99), delays.Max(), peakRate);
    }

    /// <summary>The average of several runs; of <see cref="Max"/>, the maximum.</summary>
    public static Outcome Average(IReadOnlyCollection<Outcome> runs) => new(runs.Average(r => r.Polls), runs.Average(r => r.Mean), runs.Average(r => r.Median),
        runs.Average(r => r.P95), runs.Average(r => r.P99), runs.Max(r => r.Max), runs.Average(r => r.PeakRate));
}

internal static class Statistics
{
    public static double Median(this IEnumerable<double> values) => values.Quantile(0.5);

    public static double Quantile(this IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
    }
}
