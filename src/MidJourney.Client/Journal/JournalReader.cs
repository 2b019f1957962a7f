using System.Text.Json;
using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>Builds tasks and submissions from index entries and the lines they point to.</summary>
internal sealed class JournalReader(JournalIndex index, Func<long, byte[]> lineAt)
{
    /// <summary>The tasks of a gateway, newest first.</summary>
    public IReadOnlyList<MJTask> Tasks(Uri baseUri)
    {
        var (address, tasks) = (SubmissionKey.AddressOf(baseUri), new List<MJTask>());
        for (var i = index.Count - 1; i >= 0; i--)
            if (index[i].State != EntryState.None && index.NameAt(index[i].BaseUri) == address && !index.IsBeingSent(i)) tasks.Add(Task(i));
        return [.. tasks.OrderByDescending(t => t.CreatedAt)];
    }

    /// <summary>The task of an entry, with everything that its lines say.</summary>
    public MJTask Task(int i)
    {
        var entry = index[i];
        var first = lineAt(entry.At);
        var task = TaskOn(entry.EndAt == entry.At ? first : lineAt(entry.EndAt), entry, index.TaskIdOf(entry));
        try
        {
            if (JournalLine.TryParse(first, out var create) && create.Ref == entry.Ref)
                task = SubmissionFields.Add(task, index.NameAt(entry.Model), create.Parameters.ToArray(), create.Source.ToArray());
        }
        catch (Exception e) when (IsOfContent(e))
        {
            // Whatever the line says: the task exists, and is paid.
        }
        return task with
        {
            Status = entry.State switch
            {
                EntryState.Sending or EntryState.Unknown => MJTaskStatus.OutcomeUnknown,
                EntryState.Completed => MJTaskStatus.Completed,
                EntryState.Failed or EntryState.ContentRefused => task.Status == MJTaskStatus.Cancelled ? task.Status : MJTaskStatus.Failed,
                EntryState.Gone => MJTaskStatus.Unknown,
                _ => task.Status == MJTaskStatus.Unknown ? MJTaskStatus.Pending : task.Status,
            },
            CreatedAt = task.CreatedAt ?? entry.CreatedAt,
            Model = index.NameAt(entry.Model),
            BaseUri = index.NameAt(entry.BaseUri),
            Account = index.AccountOf(entry),
            SeenAt = entry.WindowStart,
            SubmissionId = entry.IsOpen ? entry.Ref.ToString("N") : null,
            Raw = null,
        };
    }

    public KnownCreate Create(int i)
    {
        var entry = index[i];
        var create = CreateOf(index, entry);
        if (JournalLine.TryParse(lineAt(entry.At), out var line) && line.Ref == entry.Ref) create = create with { Parameters = line.Parameters.ToArray(), Source = line.Source.ToArray() };
        return new KnownCreate(create, Task(i), entry.CreatedAt, index.Attempts(i));
    }

    /// <summary>What the index alone knows of a create.</summary>
    public static JournalCreate CreateOf(JournalIndex index, in JournalEntry entry) =>
        new(entry.Ref.ToString("N"), entry.Work, index.NameAt(entry.BaseUri), index.AccountOf(entry), index.NameAt(entry.Model), [], []);

    /// <summary>A line for an entry whose own lines are lost.</summary>
    public static byte[] LineOf(JournalIndex index, int i, bool withAccount)
    {
        var entry = index[i];
        var (create, id) = (CreateOf(index, entry) with { Parameters = "{}"u8.ToArray() }, index.TaskIdOf(entry));
        if (!withAccount) create = create with { Account = null };
        var task = new MJTask { Id = id, Status = MJTaskStatus.Pending };
        return entry.State switch
        {
            EntryState.Sending => JournalLineWriter.Submitting(create, null, entry.CreatedAt),
            EntryState.Unknown => JournalLineWriter.Unknown(create, LostError(id), entry.CreatedAt),
            _ when entry.HasEnded => JournalLineWriter.Compacted(create, task, entry.State, entry.CreatedAt, entry.WindowStart),
            _ => JournalLineWriter.Created(create, task, entry.CreatedAt),
        };
    }

    private static GatewayException LostError(string id) =>
        new(GatewayErrorKind.SubmitOutcomeUnknown, ClientMessages.JournalDeletedInUse()) { ProbableTaskId = id.Length > 0 ? id : null };

    /// <summary>The task as the line describes it; only its id if the line is not about this entry, or cannot be read.</summary>
    public static MJTask TaskOn(byte[] text, in JournalEntry entry, string id)
    {
        try
        {
            if (JournalLine.TryParse(text, out var line) && (line.Ref == entry.Ref || line.TaskId == id) && TaskReader.TryParse(line.Task.ToArray(), out var wire))
                return TaskReader.Read(wire, id);
        }
        catch (Exception e) when (IsOfContent(e))
        {
            // Whatever the line says: the task exists, and is paid.
        }
        return new MJTask { Id = id };
    }

    public static bool IsOfContent(Exception e) => e is InvalidOperationException or JsonException or FormatException or ArgumentException or OverflowException;
}

/// <summary>What the journal knows of one create: enough to settle it, or to submit the same again.</summary>
/// <param name="Create">The create; its parameters are empty if its line is lost.</param>
/// <param name="Task">The task as it was last seen.</param>
/// <param name="CreatedAt">When it was submitted, by the clock of the submitter.</param>
/// <param name="Attempts">This create, and the later ones that replaced it, one after the other, because it had failed.</param>
internal sealed record KnownCreate(JournalCreate Create, MJTask Task, DateTimeOffset CreatedAt, IReadOnlyList<Guid> Attempts)
{
    /// <summary>The same submission; null if the journal no longer has all of it.</summary>
    public MJSubmission? Submission()
    {
        if (Create.Parameters.Length == 0) return null;
        try
        {
            var submission = SubmissionFields.Read(Create);
            return SubmissionKey.WorkOf(Create.BaseUri, Create.Model, JournalLineWriter.Parameters(submission)) == Create.Work ? submission : null;
        }
        catch (Exception e) when (JournalReader.IsOfContent(e))
        {
            // Somebody changed the parameters to something that cannot be sent: a number out of range, half a surrogate pair.
            return null;
        }
    }

    public override string ToString() => SubmissionFields.Read(Create).ToString();
}
