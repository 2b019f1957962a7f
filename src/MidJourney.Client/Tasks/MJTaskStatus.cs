namespace MidJourney;

/// <summary>Where a task stands. The gateway's set is open: what it really said is in <see cref="MJTask.RawStatus"/>.</summary>
public enum MJTaskStatus
{
    /// <summary>A status this module does not know, or none at all; the task counts as still running.</summary>
    Unknown,

    /// <summary><c>pending</c> or <c>queued</c>: accepted, not started.</summary>
    Pending,

    /// <summary><c>in_progress</c> or <c>processing</c>.</summary>
    InProgress,

    /// <summary><c>completed</c>: the output is there, or about to be.</summary>
    Completed,

    /// <summary><c>failed</c>: <see cref="MJTask.Error"/> says why.</summary>
    Failed,

    /// <summary><c>cancelled</c>: ended by the gateway without a result.</summary>
    Cancelled,

    /// <summary>Only in the journal: the create's answer was lost, so the task may or may not have been made and paid.</summary>
    OutcomeUnknown,
}
