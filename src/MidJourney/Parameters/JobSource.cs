using System.Management.Automation;

namespace MidJourney.Parameters;

/// <summary>Where a job came from that is to be worked on.</summary>
/// <param name="JobId">The job.</param>
/// <param name="TaskId">The task that made it; null when only the prompt is known.</param>
/// <param name="Prompt">The prompt that it goes back to; null when that is not known.</param>
internal sealed record JobSource(string? JobId, string? TaskId, string? Prompt)
{
    /// <summary>The source that a task is for what is made of it.</summary>
    public static JobSource Of(MJTask task) => new(task.JobId, task.Id, task.RootPrompt());

    /// <summary>
    /// Reads it off a record: a task, live or from a file or another process, or a create that was refused. A row that has an
    /// Id of its own is no task: that has a RawStatus as well.
    /// </summary>
    /// <returns>The source; null when the record does not tell.</returns>
    public static JobSource? From(PSObject record)
    {
        if (record.BaseObject is MJTask live) return Of(live);
        if (TaskSeed.Text(record, nameof(MJTask.JobId)) is not { } jobId) return null;
        if (TaskSeed.Text(record, nameof(MJTask.RawStatus)) is not null && TaskSeed.From(record) is { } task) return Of(task with { JobId = jobId });
        var (taskId, prompt) = (TaskSeed.Text(record, nameof(MJTask.SourceTaskId)), TaskSeed.Prompt(record, nameof(MJTask.SourcePrompt)));
        return taskId is null && prompt is null ? null : new JobSource(jobId, taskId, prompt);
    }
}
