namespace MidJourney.Emulator;

/// <summary>How a completed task tells its cost.</summary>
public enum CostStyle
{
    /// <summary><c>"0.05"</c></summary>
    Text,

    /// <summary><c>0.05</c></summary>
    Number,

    /// <summary><c>""</c></summary>
    Empty,

    /// <summary><c>null</c></summary>
    Null,

    /// <summary>A usage without a cost.</summary>
    Missing,

    /// <summary>No usage.</summary>
    NoUsage,
}
