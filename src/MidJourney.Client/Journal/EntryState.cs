namespace MidJourney;

/// <summary>Where a create stands, as the journal's lines so far tell it.</summary>
internal enum EntryState : byte
{
    /// <summary>Nothing is there: it was certainly not made.</summary>
    None,

    /// <summary>A process is about to send it, or died when it was.</summary>
    Sending,

    /// <summary>It may have been made and paid.</summary>
    Unknown,

    /// <summary>Made, and not seen to end.</summary>
    Made,

    /// <summary>Ended well.</summary>
    Completed,

    /// <summary>Failed or cancelled: making it again is what the user wants.</summary>
    Failed,

    /// <summary>Failed because its content was refused: making it again fails again.</summary>
    ContentRefused,

    /// <summary>The gateway does not know it any more.</summary>
    Gone,
}

/// <summary>The names of ends in the journal.</summary>
internal static class EntryStates
{
    public static EntryState OfEnd(MJTask? task) => task switch
    {
        null => EntryState.Failed,
        { Status: MJTaskStatus.Completed } => EntryState.Completed,
        { Status: MJTaskStatus.Failed or MJTaskStatus.Cancelled } when ContentRefusal.Is(task) => EntryState.ContentRefused,
        { Status: MJTaskStatus.Failed or MJTaskStatus.Cancelled } => EntryState.Failed,
        // Of an end that its word does not tell, the rest does.
        _ => task.Url is null ? EntryState.Failed : EntryState.Completed,
    };

    public static string NameOf(EntryState state) => state switch
    {
        EntryState.Completed => "completed",
        EntryState.ContentRefused => "contentRefused",
        _ => "failed",
    };

    public static EntryState Of(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("completed"u8) ? EntryState.Completed
        : name.SequenceEqual("contentRefused"u8) ? EntryState.ContentRefused
        : name.SequenceEqual("failed"u8) ? EntryState.Failed
        : EntryState.None;
}
