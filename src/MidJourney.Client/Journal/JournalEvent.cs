namespace MidJourney;

/// <summary>What a line of the journal says. Written in camel case.</summary>
internal enum JournalEvent
{
    /// <summary>A line of a later version, or of something else.</summary>
    Other,

    /// <summary>A create is about to be sent; until another line says more, its outcome is not known.</summary>
    Submitting,

    /// <summary>The gateway put it off: certainly not made, and it will be sent again.</summary>
    PutOff,

    /// <summary>The pipeline ended before it was sent: certainly not made.</summary>
    Withdrawn,

    /// <summary>The gateway refused it, or could not be reached: certainly not made.</summary>
    Refused,

    /// <summary>Its answer was lost: it may have been made and paid.</summary>
    Unknown,

    /// <summary>The gateway accepted it, and gave it a task id.</summary>
    Created,

    /// <summary>The task was seen to have ended.</summary>
    Ended,
}
