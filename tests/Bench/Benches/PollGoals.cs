using MidJourney.Bench.Report;
using MidJourney.Bench.Simulation;

namespace MidJourney.Bench.Benches;

/// <summary>What the polling is held against, one gateway's behaviour at a time.</summary>
internal static class PollGoals
{
    private const double SeenWithin = 15;

    /// <param name="name">What the tasks say of their progress.</param>
    /// <param name="ours">The module's outcome.</param>
    /// <param name="fixed3">That of the published clients' schedule.</param>
    /// <param name="none">The module's when there is no progress.</param>
    public static Verdict Judge(string name, Outcome ours, Outcome fixed3, Outcome none) => name switch
    {
        "none" => Verdict.All("30 % less delay or polls", Tail(ours, fixed3), Verdict.Any("",
            Both(ours, fixed3, 1, 0.7),
            Both(ours, fixed3, 0.7, 1))),
        "linear" => Verdict.All("as many polls, a third of the delay", Tail(ours, fixed3), Both(ours, fixed3, 1, 1 / 3.0)),
        _ => Verdict.All("as without progress, + 10 %", Tail(ours, fixed3), Both(ours, none, 1.1, 1.1)),
    };

    private static Verdict Both(Outcome ours, Outcome other, double polls, double delay) => Verdict.All("",
        Verdict.AtMost(ours.Polls / other.Polls, polls, ""),
        Verdict.AtMost(ours.Median / other.Median, delay, ""));

    private static Verdict Tail(Outcome ours, Outcome fixed3) => Verdict.All("",
        Verdict.AtMost(ours.P95 / fixed3.P95, 1, ""),
        Verdict.AtMost(ours.Max, SeenWithin, ""));
}
