namespace MidJourney.Emulator;

/// <summary>How a running task tells its progress.</summary>
public enum ProgressStyle
{
    /// <summary>0 to 1, in step with time.</summary>
    Fraction,

    /// <summary>0 to 100, in step with time.</summary>
    Percent,

    /// <summary>Not at all.</summary>
    Missing,

    /// <summary>Always <see cref="TaskShape.ProgressAt"/>.</summary>
    Stuck,

    /// <summary>The values of <see cref="TaskShape.ProgressSteps"/>, each for an equal share of the time, as they are.</summary>
    Jumps,

    /// <summary>Almost done at first, then falling.</summary>
    Misleading,
}
