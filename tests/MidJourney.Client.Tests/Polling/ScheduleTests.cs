using MidJourney.Bench.Simulation;

namespace MidJourney.Client.Tests;

/// <summary>How our schedule compares with the published clients' fixed three seconds, in virtual time: an order, not times.</summary>
public sealed class ScheduleTests
{
    private const int Tasks = 500, InFlight = 16, Seeds = 2;

    /// <summary>A constant 30 s is a multiple of the fixed interval, which then is early by luck.</summary>
    public static TheoryData<int, int> Rows => new() { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 }, { 2, 0 }, { 2, 1 } };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Progress_that_can_be_believed_saves_reads_and_two_thirds_of_the_delay(int durations, int arrivals)
    {
        var (ours, theirs) = (Run(Strategy.Ours, durations, "linear", arrivals), Run(Strategy.Fixed3, durations, "none", arrivals));
        Assert.True(ours.Polls <= theirs.Polls, $"{ours} {theirs}");
        Assert.True(ours.Median <= theirs.Median / 3, $"{ours} {theirs}");
        Assert.True(ours.P95 <= theirs.P95, $"{ours} {theirs}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Without_progress_tasks_are_seen_sooner_for_about_as_many_reads(int durations, int arrivals)
    {
        var (ours, theirs) = (Run(Strategy.Ours, durations, "none", arrivals), Run(Strategy.Fixed3, durations, "none", arrivals));
        Assert.True(ours.Polls <= 1.1 * theirs.Polls, $"{ours} {theirs}");
        Assert.True(ours.Median <= 0.8 * theirs.Median, $"{ours} {theirs}");
    }

    [Theory]
    [InlineData("stuck at 95 %")]
    [InlineData("in jumps")]
    public void Progress_that_misleads_is_found_out(string progress)
    {
        var (misled, plain) = (Run(Strategy.Ours, 1, progress, 1), Run(Strategy.Ours, 1, "none", 1));
        Assert.True(misled.Polls <= 1.2 * plain.Polls, $"{misled} {plain}");
        Assert.True(misled.Median <= 1.2 * plain.Median, $"{misled} {plain}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_task_that_takes_far_longer_than_all_others_is_seen_within_15_seconds(int arrivals)
    {
        var outcome = Run(Strategy.Ours, 3, "none", arrivals);
        Assert.True(outcome.Max <= 15, $"{outcome}");
        Assert.True(outcome.Polls <= Run(Strategy.Fixed3, 3, "none", arrivals).Polls * 0.7, $"{outcome}");
    }

    /// <summary>No schedule that knows the durations, but nothing of the task, has less than the limit.</summary>
    [Theory]
    [InlineData(0, "none", 1.1)]
    [InlineData(1, "none", 1.1)]
    [InlineData(0, "linear", 1.1 / 3)]
    [InlineData(1, "linear", 1.1 / 3)]
    public void Reads_times_delay_come_close_to_the_limit_once_200_tasks_were_seen(int durations, string progress, double most)
    {
        var situation = new Situation(Strategy.Ours, Durations.All[durations], Progress.All.Single(p => p.Name == progress), Arrivals.All[1]);
        var outcome = situation.Run(1000, InFlight, Seeds, tasks => AfterSeen(tasks, 200));
        Assert.True(outcome.Product <= most * situation.Durations.Limit, $"{outcome}");
    }

    private static IEnumerable<SimulatedTask> AfterSeen(SimulatedTask[] tasks, int count)
    {
        var known = tasks.Select(t => t.Seen).Order().ElementAt(count - 1);
        return tasks.Where(t => t.Made >= known);
    }

    private static Outcome Run(Strategy strategy, int durations, string progress, int arrivals) =>
        new Situation(strategy, Durations.All[durations], Progress.All.Single(p => p.Name == progress), Arrivals.All[arrivals]).Run(Tasks, InFlight, Seeds);
}
