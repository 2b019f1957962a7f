namespace MidJourney;

/// <summary>
/// Where a task stands. The values are text, not an enumeration, because text is the same in Clixml, JSON, CSV, a job and another process, so that
/// a filter passes the same tasks everywhere. The gateway's set is open: its own word is in <see cref="MJTask.RawStatus"/>.
/// </summary>
public static class MJTaskStatus
{
    /// <summary>A status that this module does not know, or none at all; the task counts as still running.</summary>
    public const string Unknown = nameof(Unknown);

    /// <summary><c>pending</c>, <c>queued</c> or the like: accepted, not started.</summary>
    public const string Pending = nameof(Pending);

    /// <summary><c>in_progress</c>, <c>processing</c> or the like.</summary>
    public const string InProgress = nameof(InProgress);

    /// <summary><c>completed</c>, <c>success</c> or the like: the output is there, or about to be.</summary>
    public const string Completed = nameof(Completed);

    /// <summary><c>failed</c>, <c>rejected</c>, <c>timeout</c> or the like: <see cref="MJTask.Error"/> says why.</summary>
    public const string Failed = nameof(Failed);

    /// <summary><c>cancelled</c>: ended by the gateway without a result.</summary>
    public const string Cancelled = nameof(Cancelled);

    /// <summary>Only in the journal: the create's answer was lost, so the task may or may not have been made and paid.</summary>
    public const string OutcomeUnknown = nameof(OutcomeUnknown);

    private static readonly string[] All = [Unknown, Pending, InProgress, Completed, Failed, Cancelled, OutcomeUnknown];

    /// <summary>The status of that name, in any letter case; null when there is none.</summary>
    /// <param name="name">The name, or its place in the list, as files of version 0.1.0 have it.</param>
    public static string? Find(string? name) => WireNames.Find(All, name);
}
