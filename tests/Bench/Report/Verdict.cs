namespace MidJourney.Bench.Report;

/// <summary>Whether a goal is met, or by how much it is missed.</summary>
/// <param name="Goal">The goal as a text.</param>
/// <param name="Excess">By what share of the limit it is missed; 0 or less when it is met, null when there is no goal.</param>
internal sealed record Verdict(string Goal, double? Excess)
{
    public static readonly Verdict None = new("", null);

    public bool IsMissed => Excess > 0;

    public static Verdict AtMost(double value, double limit, string goal) => new("≤ " + goal, value <= limit ? 0 : limit == 0 ? 1 : value / limit - 1);

    public static Verdict AtLeast(double value, double limit, string goal) => new("≥ " + goal, value >= limit ? 0 : 1 - value / limit);

    /// <summary>Met only if all are; missed by as much as the worst.</summary>
    public static Verdict All(string goal, params IEnumerable<Verdict> parts) => new(goal, parts.Max(part => part.Excess));

    /// <summary>Met if one is.</summary>
    public static Verdict Any(string goal, params IEnumerable<Verdict> parts) => new(goal, parts.Min(part => part.Excess));

    public override string ToString() => Excess switch
    {
        null => "",
        > 0.1 and var excess => $"**missed by {excess:P0}**",
        > 0 and var excess => $"**missed by {excess:P1}**",
        _ => "met",
    };
}
