namespace MidJourney.Bench.Report;

/// <summary>One measured figure against its goal.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">The module's median.</param>
/// <param name="Reference">The median of what it is compared with.</param>
/// <param name="Ratio">Ours to the reference.</param>
/// <param name="Verdict">How that compares with the goal.</param>
internal sealed record Figure(string What, string Ours, string Reference, string Ratio, Verdict Verdict)
{
    /// <summary>Why the goal is missed; only shown if it is.</summary>
    public string? Why { get; init; }
}
