namespace MidJourney;

/// <summary>Where a task stands. The gateway's set is open: what it really said is in <see cref="MJTask.RawStatus"/>.</summary>
public enum MJTaskStatus
{
    /// <summary>A status this module does not know, or none at all; the task counts as still running.</summary>
    Unknown,

    /// <summary><c>pending</c>, <c>queued</c> or the like: accepted, not started.</summary>
    Pending,

    /// <summary><c>in_progress</c>, <c>processing</c> or the like.</summary>
    InProgress,

    /// <summary><c>completed</c>, <c>success</c> or the like: the output is there, or about to be.</summary>
    Completed,

    /// <summary><c>failed</c>, <c>rejected</c>, <c>timeout</c> or the like: <see cref="MJTask.Error"/> says why.</summary>
    Failed,

    /// <summary><c>cancelled</c>: ended by the gateway without a result.</summary>
    Cancelled,

    /// <summary>Only in the journal: the create's answer was lost, so the task may or may not have been made and paid.</summary>
    OutcomeUnknown,
}
