namespace MidJourney;

/// <summary>Why a task is read when it is.</summary>
internal enum PlanReason
{
    /// <summary>Its age is not known, so it may have ended long ago.</summary>
    UnknownAge,

    /// <summary>Little is known of such tasks.</summary>
    Exploring,

    /// <summary>So long such tasks took until now.</summary>
    Learned,

    /// <summary>Its progress foretells its end.</summary>
    Foretold,

    /// <summary>A read failed, or it has completed without its URL.</summary>
    Fixed,
}
