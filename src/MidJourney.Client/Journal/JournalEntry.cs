using System.Text.Json;

namespace MidJourney;

/// <summary>One create as the journal's lines so far tell it.</summary>
internal sealed class JournalEntry(JournalLine first)
{
    /// <summary>Whether a task was made: certainly not after <see cref="JournalEvent.Refused"/>, <see cref="JournalEvent.PutOff"/> or <see cref="JournalEvent.Withdrawn"/>.</summary>
    public JournalEvent State { get; private set; } = first.Event;

    public DateTimeOffset Time { get; } = first.Time;

    public string BaseUri { get; } = first.BaseUri ?? "";

    public string Model { get; } = first.Model ?? "";

    public byte[] Parameters { get; } = first.Parameters;

    public byte[] Source { get; } = first.Source;

    /// <summary>When the gateway accepted it, by the clock of whoever sent it; null when it did not.</summary>
    public DateTimeOffset? AcceptedAt { get; private set; } = first.Event == JournalEvent.Created ? first.Time : null;

    public string? TaskId { get; private set; } = first.TaskId;

    public string? Message { get; private set; } = first.Message;

    /// <summary>The older entry for the same thing; null for the first.</summary>
    public JournalEntry? Older { get; set; }

    public bool IsCreated => State is JournalEvent.Created or JournalEvent.Ended;

    public bool IsUnknown => State is JournalEvent.Submitting or JournalEvent.Unknown;

    public bool HasEnded => State == JournalEvent.Ended;

    /// <summary>A line that says all there is to say of its making has been read.</summary>
    public bool HasCreatedLine { get; private set; } = first.Event == JournalEvent.Created;

    /// <summary>It stays when the journal is made smaller.</summary>
    public bool IsKept { get; set; }

    private byte[] _task = first.Task;

    public void Apply(JournalLine line)
    {
        // A create that was sent again may be refused, but what was once made stays made.
        if (IsCreated && line.Event != JournalEvent.Ended) return;
        State = line.Event;
        if (line.Event == JournalEvent.Created) AcceptedAt = line.Time;
        HasCreatedLine |= line.Event == JournalEvent.Created;
        TaskId = line.TaskId ?? TaskId;
        Message = line.Message;
        if (line.Task.Length > 0) _task = line.Task;
    }

    /// <summary>The task as it was last seen; one without an id, or with a probable one, when it is not known whether it was made.</summary>
    public MJTask ToTask()
    {
        var id = TaskId ?? "";
        MJTask seen;
        try
        {
            seen = TaskReader.TryParse(_task, out var wire) ? TaskReader.Read(wire, id) : new MJTask { Id = id };
            seen = SubmissionFields.Add(seen, Model, Parameters, Source);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException or FormatException or ArgumentException or OverflowException)
        {
            // Whatever else its lines say: the task is there, and paid.
            seen = new MJTask { Id = id, Model = Model };
        }
        return seen with
        {
            // Of an end that its word does not tell, the rest does.
            Status = IsUnknown ? MJTaskStatus.OutcomeUnknown : HasEnded && !seen.IsEnded() ? (seen.Url is null ? MJTaskStatus.Failed : MJTaskStatus.Completed) : seen.Status,
            CreatedAt = seen.CreatedAt ?? Time,
            Raw = null,
        };
    }
}
