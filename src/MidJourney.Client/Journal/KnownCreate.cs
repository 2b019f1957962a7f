namespace MidJourney;

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
