namespace MidJourney;

/// <summary>A create of the same thing that the journal already holds.</summary>
public sealed class SubmittedBefore
{
    internal SubmittedBefore(JournalEntry entry) =>
        (Task, IsUnknown, Time, Message) = (entry.ToTask(), entry.IsUnknown, entry.Time, entry.Message);

    /// <summary>The task as it was last seen; when <see cref="IsUnknown"/>, its id is probable or empty.</summary>
    public MJTask Task { get; }

    /// <summary>It is not known whether the task was made and paid.</summary>
    public bool IsUnknown { get; }

    /// <summary>When it was submitted (UTC).</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Why the outcome is not known; null where only the beginning was written down.</summary>
    public string? Message { get; }

    /// <summary>The task's id, where an answer that broke off named it.</summary>
    internal string? ProbableTaskId => Task.Id.Length > 0 ? Task.Id : null;
}
