using System.Collections.ObjectModel;

namespace MidJourney;

/// <summary>
/// A task at the gateway, as it was at one moment. It never changes; read the task again for a newer snapshot.
/// </summary>
public sealed record MJTask
{
    /// <summary>The maximum length of a task or job ID, in characters.</summary>
    public const int MaxIdLength = 512;

    /// <summary>The gateway's task id. Not a job id.</summary>
    public required string Id { get; init; }

    /// <summary>One of the names in <see cref="MJTaskStatus"/>.</summary>
    public string Status { get; init; } = MJTaskStatus.Unknown;

    /// <summary>The status as the gateway wrote it; null if it gave none.</summary>
    public string? RawStatus { get; init; }

    /// <summary>The gateway's model, <c>midjourney_upscale</c> for example.</summary>
    public string? Model { get => Origin.Model; init => Origin = Origin with { Model = value }; }

    /// <summary>0.0 to 1.0; null if the gateway does not report it. May stall or jump.</summary>
    public double? Progress { get; init; }

    /// <summary>When the gateway created the task (UTC); null if it did not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The job whose image is edited; null if there is none, or if it is not known.</summary>
    public string? SourceJobId { get => Origin.SourceJobId; init => Origin = Origin with { SourceJobId = value }; }

    /// <summary>Which image of that job, 0 to 3.</summary>
    public int? SourceImageNo { get => Origin.SourceImageNo; init => Origin = Origin with { SourceImageNo = value }; }

    /// <summary>For an upscale, which kind: one of the names in <see cref="MidJourney.UpscaleType"/>.</summary>
    public string? UpscaleType { get => Origin.UpscaleType; init => Origin = Origin with { UpscaleType = value }; }

    /// <summary>The task's own prompt; null if it has none, or if it is not known.</summary>
    public string? Prompt { get => Origin.Prompt; init => Origin = Origin with { Prompt = value }; }

    /// <summary>The task that made the source job; null if there is none, or if it is not known.</summary>
    public string? SourceTaskId { get => Origin.SourceTaskId; init => Origin = Origin with { SourceTaskId = value }; }

    /// <summary>The first prompt in the source's history, however many steps ago; null if there is none, or if it is not known.</summary>
    public string? SourcePrompt { get => Origin.SourcePrompt; init => Origin = Origin with { SourcePrompt = value }; }

    /// <summary>
    /// What the task makes, in a few words: the prompt, or the image number, the kind of edit, and the prompt, the first prompt of the source or its job; null if
    /// nothing is known.
    /// </summary>
    public string? Description => Origin.Description;

    /// <summary>The result's job ID, which the next step takes; null until the task has completed.</summary>
    public string? JobId { get; init; }

    /// <summary>The results; empty until the task has completed, never null.</summary>
    public MJOutput[] Output { get; init; } = [];

    /// <summary>The first result's URL; null until there is one.</summary>
    public string? Url { get; init; }

    /// <summary>In <see cref="Currency"/>; null until the gateway reports it.</summary>
    public decimal? Cost => Usage?.Cost;

    /// <summary>The currency of <see cref="Cost"/>: <c>USD</c> unless the gateway names another; null while the cost is not known.</summary>
    public string? Currency => Usage is { Cost: not null } usage ? usage.Currency : null;

    /// <summary>What the task cost; null until the gateway reports it.</summary>
    public MJUsage? Usage { get; init; }

    /// <summary>Why the task failed; null unless it did.</summary>
    public MJError? Error { get; init; }

    /// <summary>The gateway's metadata as plain values; empty when there is none.</summary>
    public ReadOnlyDictionary<string, object?> Metadata { get; init; } = NoFields.Value;

    /// <summary>The whole response as JSON text, including fields that this module does not know; null if there was none.</summary>
    public string? Raw { get; init; }

    /// <summary>The base URI of the task's gateway; null if the task was made from an ID alone.</summary>
    public string? BaseUri { get; init; }

    /// <summary>The account that the task belongs to: its session's account name, or a fingerprint of the key; null if it is not known.</summary>
    public string? Account { get; init; }

    /// <summary>Whether this task was returned instead of paying for the same work again.</summary>
    public bool IsKnown { get; init; }

    /// <summary>For a task that the journal lists, when its status was recorded or, with -Refresh, read (UTC); otherwise null.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Identifies the submission in the journal while its outcome is unknown; otherwise null.</summary>
    public string? SubmissionId { get; init; }

    /// <summary>What the task is made from, as one value; the public properties forward to it.</summary>
    internal MJOrigin Origin { get; init; } = MJOrigin.Unknown;

    /// <summary>The session that the task came from, while it lives.</summary>
    internal TaskOwner Owner { get; init; }

    /// <summary>Whether the task has completed, failed, or was cancelled.</summary>
    public bool IsEnded() => Status is MJTaskStatus.Completed or MJTaskStatus.Failed or MJTaskStatus.Cancelled;

    /// <summary>The same task, with what it lacks taken from another snapshot: its origin, and which gateway and account it belongs to.</summary>
    /// <param name="origin">The other snapshot.</param>
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

    /// <summary>The distinct IDs of all jobs that the task made; permutations of a prompt make several.</summary>
    public IEnumerable<string> JobIds() =>
        Output.SelectMany(o => o.Content).Select(c => c.JobId).Append(JobId).Where(j => j is not null).Cast<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The first prompt in the image's history: the source's if there is one, otherwise its own; null if neither is known.</summary>
    public string? RootPrompt() => Origin.RootPrompt;

    /// <summary>The ID, so that a task can be used where a text is expected.</summary>
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
