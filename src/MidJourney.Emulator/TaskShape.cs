using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>How a task runs and how its answers are written. The defaults are the contract's plain form; README.md has the whole table.</summary>
public sealed record TaskShape
{
    /// <summary>In place of <see cref="EmulatorOptions.TaskDuration"/>.</summary>
    public TaskDuration? Duration { get; init; }

    /// <summary>The task ends as failed, for this reason.</summary>
    public TaskFailure? Failure { get; init; }

    /// <summary>The share of tasks that fail, 0–1, drawn by their order of creation.</summary>
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

    /// <summary>Whether an ended task still has a progress (1, or 100).</summary>
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

    /// <summary>Undocumented fields, at every level.</summary>
    public bool ExtraFields { get; init; }

    /// <summary>The number of images in each output, in place of the model's.</summary>
    public int? Images { get; init; }

    /// <summary>The <c>type</c> of the content: image, video, or any other word.</summary>
    public string ContentType { get; init; } = "image";

    /// <summary>Whether the content has the job id of the result.</summary>
    public bool ResultJobIds { get; init; } = true;

    /// <summary>In place of the emulator's own URL; <c>{id}</c>, <c>{n}</c> and <c>{base}</c> are filled in.</summary>
    public string? Url { get; init; }

    /// <summary>The length of a result's file in bytes, if that is more than the bare image needs.</summary>
    public int ImageBytes { get; init; }

    /// <summary>The JSON text of <c>metadata</c>, in place of the emulator's own.</summary>
    public string? MetadataJson { get; init; }

    /// <summary>The whole text of the create's answer; <c>{id}</c> and <c>{base}</c> are filled in. The task is made.</summary>
    public string? RawCreate { get; init; }

    /// <summary>The whole text of each read's answer in turn, the last one for ever; <c>{id}</c> and <c>{base}</c> are filled in.</summary>
    public IReadOnlyList<string>? RawReads { get; init; }
}

/// <summary>Why a task fails. The code is written as it is: a number, or a string such as <c>"004011001"</c>.</summary>
public sealed record TaskFailure(JsonNode? Code, string? Message)
{
    public static TaskFailure GenerationFailed { get; } = new(8004005098, "the generation process failed");

    public static TaskFailure ProviderUnavailable { get; } = new(8004005099, "provider unavailable");
}

/// <summary>How a failed task carries its error: with <c>error_message</c>, with <c>message</c>, as a text in place of the object, or not at all.</summary>
public enum ErrorStyle { ErrorMessage, Message, PlainText, Missing }

/// <summary>The cost of a completed task: <c>"0.05"</c>, <c>0.05</c>, <c>""</c>, <c>null</c>, a usage without a cost, or no usage.</summary>
public enum CostStyle { Text, Number, Empty, Null, Missing, NoUsage }

/// <summary><c>created_at</c> in Unix seconds, as an ISO 8601 string, or not at all.</summary>
public enum CreatedAtStyle { Unix, Iso8601, Missing }

/// <summary>
/// The progress of a running task: 0 to 1 or 0 to 100 in step with time, none, always <see cref="TaskShape.ProgressAt"/>, the
/// <see cref="TaskShape.ProgressSteps"/> for an equal share of the time each, or almost done at first and then falling.
/// </summary>
public enum ProgressStyle { Fraction, Percent, Missing, Stuck, Jumps, Misleading }

/// <summary>The field that holds a task's id: <c>id</c>, <c>task_id</c>, or both.</summary>
public enum IdField { Id, TaskId, Both }

/// <summary>A completed task before its URL comes: <c>"output":[]</c>, no output, content without a <c>url</c>, or with <c>"url":""</c>.</summary>
public enum LateUrlStyle { EmptyOutput, MissingOutput, MissingUrl, EmptyUrl }
