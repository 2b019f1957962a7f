namespace MidJourney.Bench.Report;

/// <summary>What one bench found out.</summary>
/// <param name="Name">The word on the command line that measures it again.</param>
/// <param name="Title">The heading.</param>
/// <param name="About">How it was measured, in Markdown.</param>
internal sealed record Section(string Name, string Title, string About)
{
    public List<Figure> Figures { get; } = [];

    /// <summary>Tables with more than the figures, in Markdown.</summary>
    public List<string> Details { get; } = [];
}
