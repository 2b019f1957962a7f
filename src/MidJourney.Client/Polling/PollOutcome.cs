namespace MidJourney;

/// <summary>How waiting for one task ended.</summary>
/// <param name="Task">The task as it was last seen.</param>
/// <param name="Error">Why there is nothing more to wait for, or that time ran out; null when the task ended well.</param>
public sealed record PollOutcome(MJTask Task, GatewayException? Error)
{
    /// <summary>The outcome for a task that has ended: with an error unless it is completed.</summary>
    public static PollOutcome Of(MJTask task) => new(task, task.Status is not (MJTaskStatus.Failed or MJTaskStatus.Cancelled) ? null
        : new GatewayException(GatewayCode.FailureKindOf(task), Messages.TaskEnded(task)) { Error = task.Error });

    /// <summary>Whether the task itself has ended, as opposed to the waiting for it.</summary>
    public bool TaskEnded => Task.IsEnded();
}
