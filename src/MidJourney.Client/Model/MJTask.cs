using System.Collections.ObjectModel;

namespace MidJourney;

/// <summary>
/// A task at the gateway as it was seen at one moment. It never changes; read the task again for a newer one.
/// </summary>
public sealed record MJTask
{
    /// <summary>Characters of a task or job id, at most; what is longer is none.</summary>
    public const int MaxIdLength = 512;

    /// <summary>The gateway's task id. Not a job id.</summary>
    public required string Id { get; init; }

    /// <summary>Where the task stands: one of the names in <see cref="MJTaskStatus"/>.</summary>
    public string Status { get; init; } = MJTaskStatus.Unknown;

    /// <summary>The status as the gateway wrote it; null when it gave none.</summary>
    public string? RawStatus { get; init; }

    /// <summary>The gateway's model, <c>midjourney_upscale</c> for example.</summary>
    public string? Model { get => Origin.Model; init => Origin = Origin with { Model = value }; }

    /// <summary>0.0 to 1.0; null when the gateway says nothing. May stick or jump.</summary>
    public double? Progress { get; init; }

    /// <summary>When the gateway made the task (UTC); null when it did not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The job whose image is being worked on; null when the task was read by a bare id.</summary>
    public string? SourceJobId { get => Origin.SourceJobId; init => Origin = Origin with { SourceJobId = value }; }

    /// <summary>Which image of that job, 0 to 3.</summary>
    public int? SourceImageNo { get => Origin.SourceImageNo; init => Origin = Origin with { SourceImageNo = value }; }

    /// <summary>For an upscale, which kind: one of the names in <see cref="MidJourney.UpscaleType"/>.</summary>
    public string? UpscaleType { get => Origin.UpscaleType; init => Origin = Origin with { UpscaleType = value }; }

    /// <summary>The text that the image is made of; null where there is none, or the task was read by a bare id.</summary>
    public string? Prompt { get => Origin.Prompt; init => Origin = Origin with { Prompt = value }; }

    /// <summary>The task that made the job that is being worked on; null where there is none, or it is not known.</summary>
    public string? SourceTaskId { get => Origin.SourceTaskId; init => Origin = Origin with { SourceTaskId = value }; }

    /// <summary>The prompt that the source goes back to, however many steps there were; null where there is none, or it is not known.</summary>
    public string? SourcePrompt { get => Origin.SourcePrompt; init => Origin = Origin with { SourcePrompt = value }; }

    /// <summary>The job id of the result, which the next step takes; null until the task has completed.</summary>
    public string? JobId { get; init; }

    /// <summary>The results; empty until the task has completed, never null.</summary>
    public MJOutput[] Output { get; init; } = [];

    /// <summary>The first result's URL; null until it is there.</summary>
    public string? Url { get; init; }

    /// <summary>US dollars; null until the gateway has named it.</summary>
    public decimal? Cost => Usage?.Cost;

    /// <summary>What the task cost; null until completed.</summary>
    public MJUsage? Usage { get; init; }

    /// <summary>Why the task failed; null unless it did.</summary>
    public MJError? Error { get; init; }

    /// <summary>The gateway's metadata as plain values; empty when there is none.</summary>
    public ReadOnlyDictionary<string, object?> Metadata { get; init; } = NoFields.Value;

    /// <summary>The whole answer as JSON text, with every field this module does not know; null when there was none.</summary>
    public string? Raw { get; init; }

    /// <summary>The gateway that has the task, as its base URI; null when the task was made from a bare id.</summary>
    public string? BaseUri { get; init; }

    /// <summary>The account that the task belongs to: the name given to its session, or a fingerprint of the key; null when it is not known.</summary>
    public string? Account { get; init; }

    /// <summary>Whether a create returned this task because the same work had been paid before, instead of paying again.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Names the create in the journal, where its outcome is not known; otherwise null.</summary>
    public string? SubmissionId { get; init; }

    /// <summary>What the task is made from, as one value; the public properties forward to it.</summary>
    internal MJOrigin Origin { get; init; } = MJOrigin.Unknown;

    /// <summary>The session that the task came from, while it lives.</summary>
    internal TaskOwner Owner { get; init; }

    /// <summary>Whether nothing more will happen to the task.</summary>
    public bool IsEnded() => Status is MJTaskStatus.Completed or MJTaskStatus.Failed or MJTaskStatus.Cancelled;

    /// <summary>The same task with the origin that only its submitter knows.</summary>
    /// <param name="origin">A snapshot that carries it.</param>
    public MJTask WithOriginOf(MJTask origin) => this with
    {
        Origin = Origin.Or(origin.Origin),
        CreatedAt = CreatedAt ?? origin.CreatedAt,
        BaseUri = BaseUri ?? origin.BaseUri,
        Account = Account ?? origin.Account,
        IsKnown = IsKnown || origin.IsKnown,
        Owner = Owner.Session is null ? origin.Owner : Owner,
    };

    /// <summary>The origin of what is made from the task's job.</summary>
    internal MJOrigin AsSource() => new() { SourceJobId = JobId, SourceTaskId = Id, SourcePrompt = RootPrompt() };

    /// <summary>The snapshot without what takes much room, for lists that hold thousands.</summary>
    internal MJTask WithoutContent() => this with { Raw = null, Output = [], Metadata = NoFields.Value };

    /// <summary>The ids of all jobs that the task made, each once; permutations of a prompt make several.</summary>
    public IEnumerable<string> JobIds() =>
        Output.SelectMany(o => o.Content).Select(c => c.JobId).Append(JobId).Where(j => j is not null).Cast<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The prompt that the image goes back to: the source's where there is one, else its own; null where neither is known.</summary>
    public string? RootPrompt() => Origin.RootPrompt;

    /// <summary>The id, so that a task can stand where text for one is wanted.</summary>
    public override string ToString() => SafeText.Printable(Id);
}

/// <summary>What a live task remembers of where it came from. Two snapshots of a task are equal whichever session read them.</summary>
/// <param name="Session">The session; null for none.</param>
internal readonly record struct TaskOwner(object? Session)
{
    /// <summary>Always true: the owner is no part of what a snapshot says.</summary>
    public bool Equals(TaskOwner other) => true;

    /// <summary>The same for all.</summary>
    public override int GetHashCode() => 0;
}
