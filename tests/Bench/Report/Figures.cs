namespace MidJourney.Bench.Report;

/// <summary>The results of one bench.</summary>
/// <param name="Name">The argument that repeats it.</param>
/// <param name="Title">The heading.</param>
/// <param name="About">How it was measured, in Markdown.</param>
internal sealed record Section(string Name, string Title, string About)
{
    public List<Figure> Figures { get; init; } = [];

    /// <summary>Further text and tables, in Markdown.</summary>
    public List<string> Details { get; init; } = [];

    public DateOnly MeasuredOn { get; init; }

    public double Minutes { get; init; }

    public string Machine { get; init; } = "";
}

/// <summary>One row: what was measured, for the module and for the reference.</summary>
internal sealed record Figure(string What, string Module, string Reference = "", string Ratio = "")
{
    public Goal Goal { get; init; } = Goal.None;

    /// <summary>What stands in the way; shown only if the goal is missed.</summary>
    public string? Reason { get; init; }

    /// <summary>The row's name in docs/benchmarks.md; null keeps it out of that page.</summary>
    public string? Headline { get; init; }

    /// <summary>The theoretical limit; the reference is then what a user would use instead.</summary>
    public string Limit { get; init; } = "";

    public ChartRow? Chart { get; init; }
}

/// <summary>A row of the chart.</summary>
/// <param name="Label">The task that is compared.</param>
/// <param name="Text">The module's value in words.</param>
/// <param name="Value">The module's value; less is better, and all values of a row have the same unit.</param>
/// <param name="Others">The alternatives, and the limit.</param>
internal sealed record ChartRow(string Label, string Text, double Value, IReadOnlyList<Mark> Others);

internal sealed record Mark(string Text, double Value, bool IsLimit = false);

/// <param name="Text">The goal in words.</param>
/// <param name="Excess">The share of the limit by which the goal is missed; 0 when it is met, null when there is no goal.</param>
internal sealed record Goal(string Text, double? Excess)
{
    public static readonly Goal None = new("", null);

    public bool IsMissed => Excess > 0;

    public string Result => Excess switch
    {
        null => "",
        > 0.1 and var excess => $"**missed by {excess:P0}**",
        > 0 and var excess => $"**missed by {excess:P1}**",
        _ => "met",
    };

    public static Goal AtMost(double value, double limit, string text = "") => new("≤ " + text, value <= limit ? 0 : limit == 0 ? 1 : value / limit - 1);

    public static Goal AtLeast(double value, double limit, string text = "") => new("≥ " + text, value >= limit ? 0 : 1 - value / limit);

    /// <summary>Met if every part is met; missed by as much as the worst part.</summary>
    public static Goal All(string text, params IEnumerable<Goal> parts) => new(text, parts.Max(part => part.Excess));

    /// <summary>Met if at least one part is met.</summary>
    public static Goal Any(string text, params IEnumerable<Goal> parts) => new(text, parts.Min(part => part.Excess));
}
