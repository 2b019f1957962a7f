namespace MidJourney.Emulator;

/// <summary>How a task runs and how its answers are written. The defaults are the contract's plain form.</summary>
public sealed record TaskShape
{
    /// <summary>How long the task takes, in place of <see cref="EmulatorOptions.TaskDuration"/>.</summary>
    public TaskDuration? Duration { get; init; }

    /// <summary>The task ends as failed, for this reason.</summary>
    public TaskFailure? Failure { get; init; }

    /// <summary>The share of tasks that <see cref="Failure"/> applies to, 0–1, drawn by their order of creation.</summary>
    public double FailureRate { get; init; } = 1;

    public ErrorStyle Error { get; init; }

    /// <summary>In USD, for each output.</summary>
    public decimal Cost { get; init; } = 0.05m;

    public CostStyle CostStyle { get; init; }

    public CreatedAtStyle CreatedAt { get; init; }

    public ProgressStyle Progress { get; init; }

    /// <summary>For <see cref="ProgressStyle.Stuck"/>.</summary>
    public double ProgressAt { get; init; } = 0.5;

    /// <summary>For <see cref="ProgressStyle.Jumps"/>.</summary>
    public IReadOnlyList<double> ProgressSteps { get; init; } = [0, 0.3, 0.6, 0.9];

    /// <summary>Whether an ended task still tells a progress (1, or 100).</summary>
    public bool ProgressWhenEnded { get; init; }

    /// <summary>The status of the running task: each text for an equal share of the time.</summary>
    public IReadOnlyList<string> RunningStatuses { get; init; } = ["in_progress"];

    public string CompletedStatus { get; init; } = "completed";

    public string FailedStatus { get; init; } = "failed";

    /// <summary>The status in the create's answer. Default: the first running one.</summary>
    public string? CreateStatus { get; init; }

    /// <summary>The field of the id in the create's answer.</summary>
    public IdField CreateId { get; init; }

    /// <summary>The field of the id when the task is read.</summary>
    public IdField ReadId { get; init; }

    /// <summary>How long after the end the URL comes.</summary>
    public TimeSpan UrlDelay { get; init; }

    public LateUrlStyle LateUrl { get; init; }

    /// <summary>Fields nobody documented, at every level.</summary>
    public bool ExtraFields { get; init; }

    /// <summary>How many images each output has, in place of what the model makes: one by an upscale, four by the others.</summary>
    public int? Images { get; init; }

    /// <summary>The <c>type</c> of the content: image, video, or any other word.</summary>
    public string ContentType { get; init; } = "image";

    /// <summary>Whether the content names the job id of the result.</summary>
    public bool ResultJobIds { get; init; } = true;

    /// <summary>The result's URL in place of the emulator's own; <c>{id}</c>, <c>{n}</c> and <c>{base}</c> are filled in.</summary>
    public string? Url { get; init; }

    /// <summary>The length of a result's file in bytes, where that is more than the bare image takes.</summary>
    public int ImageBytes { get; init; }

    /// <summary>The JSON text of <c>metadata</c>, in place of the emulator's own.</summary>
    public string? MetadataJson { get; init; }

    /// <summary>The whole text of the create's answer; <c>{id}</c> and <c>{base}</c> are filled in. The task is made.</summary>
    public string? RawCreate { get; init; }

    /// <summary>The whole text of each read's answer in turn, the last one for ever; <c>{id}</c> and <c>{base}</c> are filled in.</summary>
    public IReadOnlyList<string>? RawReads { get; init; }
}
