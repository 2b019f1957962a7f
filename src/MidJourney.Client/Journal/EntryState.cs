using MidJourney.Json;

namespace MidJourney.Journal;

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

/// <summary>What the journal holds of one create: enough to settle it, or to make the same again.</summary>
/// <param name="Create">The create; its parameters are empty where its line is lost.</param>
/// <param name="Task">The task as it was last seen.</param>
/// <param name="CreatedAt">When it was submitted, by the clock of who did.</param>
/// <param name="Attempts">Names it, and the creates that took its place one after the other when it had failed.</param>
internal sealed record KnownCreate(JournalCreate Create, MJTask Task, DateTimeOffset CreatedAt, IReadOnlyList<Guid> Attempts)
{
    /// <summary>The same submission; null where the journal does not hold all of it any more.</summary>
    public MJSubmission? Submission()
    {
        if (Create.Parameters.Length == 0) return null;
        try
        {
            var submission = SubmissionFields.Read(Create);
            return SubmissionKey.WorkOf(Create.BaseUri, Create.Model, JournalText.Parameters(submission)) == Create.Work ? submission : null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.Text.Json.JsonException or FormatException or ArgumentException or OverflowException)
        {
            // Somebody changed them, to what cannot be sent: a number out of all range, half a character.
            return null;
        }
    }

    /// <summary>What the user would call it.</summary>
    public override string ToString() => SubmissionFields.Read(Create).ToString();
}

/// <summary>Whether the outcome of a create can be settled.</summary>
internal enum SettleResult
{
    /// <summary>It can be, or was.</summary>
    Settled,

    /// <summary>The journal has no such create.</summary>
    NotThere,

    /// <summary>Its outcome is known.</summary>
    NotUnknown,

    /// <summary>A living process sends it just now, and will say what comes of it.</summary>
    BeingSent,

    /// <summary>Another create made the task.</summary>
    TaskTaken,
}
