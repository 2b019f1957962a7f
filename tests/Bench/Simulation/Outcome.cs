namespace MidJourney.Bench.Simulation;

/// <summary>What a strategy cost and how late it was: polls a task, delays between end and seen in seconds, requests in the busiest second.</summary>
internal sealed record Outcome(double Polls, double Median, double P95, double Max, double PeakRate)
{
    public static Outcome Of(SimulatedTask[] tasks, int peakRate)
    {
        var delays = tasks.Select(t => t.Seen - t.Ends).Order().ToArray();
        double At(double share) => delays[(int)Math.Min(delays.Length - 1, share * delays.Length)];
        return new(tasks.Average(t => t.Polls), At(0.5), At(0.95), delays[^1], peakRate);
    }

    /// <summary>The averages, and the longest delay of all.</summary>
    public static Outcome Average(IReadOnlyCollection<Outcome> runs) => new(
        runs.Average(r => r.Polls), runs.Average(r => r.Median), runs.Average(r => r.P95), runs.Max(r => r.Max), runs.Average(r => r.PeakRate));
}
