using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>How a task runs and how its answers are written. The defaults are the contract's plain form; README.md has the table.</summary>
public sealed record TaskShape
{
    public TaskDuration? Duration { get; init; }
    public TaskFailure? Failure { get; init; }
    public double FailureRate { get; init; } = 1; // drawn by the order of creation
    public ErrorStyle Error { get; init; }
    public decimal? Cost { get; init; } // of each output; null: the price
    public CostStyle CostStyle { get; init; }
    public CreatedAtStyle CreatedAt { get; init; }
    public ProgressStyle Progress { get; init; }
    public double ProgressAt { get; init; } = 0.5; // for Stuck
    public IReadOnlyList<double> ProgressSteps { get; init; } = [0, 0.3, 0.6, 0.9]; // for Jumps
    public bool ProgressWhenEnded { get; init; }
    public IReadOnlyList<string> RunningStatuses { get; init; } = ["in_progress"];
    public string CompletedStatus { get; init; } = "completed";
    public string FailedStatus { get; init; } = "failed";
    public string? CreateStatus { get; init; } // null: the first running one
    public IdField CreateId { get; init; }
    public IdField ReadId { get; init; }
    public TimeSpan UrlDelay { get; init; } // after the end
    public LateUrlStyle LateUrl { get; init; }
    public bool ExtraFields { get; init; }
    public int? Images { get; init; } // null: the model's
    public string ContentType { get; init; } = "image";
    public bool ResultJobIds { get; init; } = true;
    public string? Url { get; init; }
    public int ImageBytes { get; init; }
    public string? MetadataJson { get; init; } // any text
    public string? RawCreate { get; init; }
    public IReadOnlyList<string>? RawReads { get; init; } // each in turn, the last for ever
    public CallbackShape Callback { get; init; } = new();
}

/// <summary>Why a task fails. The code is written as it is: a number, or a string such as <c>"004011001"</c>.</summary>
public sealed record TaskFailure(JsonNode? Code, string? Message)
{
    public static TaskFailure GenerationFailed { get; } = new(8004005098, "the generation process failed");

    public static TaskFailure ProviderUnavailable { get; } = new(8004005099, "provider unavailable");
}

/// <summary>A failed task's error: with <c>error_message</c>, with <c>message</c>, a text in place of the object, or none.</summary>
public enum ErrorStyle { ErrorMessage, Message, PlainText, Missing }

/// <summary>A completed task's cost: <c>"0.05"</c>, <c>0.05</c>, <c>""</c>, <c>null</c>, a usage without a cost, or no usage.</summary>
public enum CostStyle { Text, Number, Empty, Null, Missing, NoUsage }

/// <summary><c>created_at</c> in Unix seconds, as an ISO 8601 string, or not at all.</summary>
public enum CreatedAtStyle { Unix, Iso8601, Missing }

/// <summary>A running task's progress: 0 to 1, 0 to 100, none, always the same, in steps, or almost done at first and then falling.</summary>
public enum ProgressStyle { Fraction, Percent, Missing, Stuck, Jumps, Misleading }

/// <summary>The field that holds a task's id: <c>id</c>, <c>task_id</c>, or both.</summary>
public enum IdField { Id, TaskId, Both }

/// <summary>A completed task before its URL comes: <c>"output":[]</c>, no output, content without a <c>url</c>, or with <c>"url":""</c>.</summary>
public enum LateUrlStyle { EmptyOutput, MissingOutput, MissingUrl, EmptyUrl }

/// <summary>The shapes of tasks to come: the first that is set for the image, the job, the prompt or the model; otherwise the default.</summary>
public sealed class TaskShapes
{
    private readonly ConcurrentDictionary<(Of Kind, string Name, int? ImageNo), TaskShape> _shapes = new();
    private volatile TaskShape _default = new();

    internal TaskShapes()
    {
    }

    private enum Of { Job, Prompt, Model }

    public TaskShape Default
    {
        get => _default;
        set => _default = value ?? throw new ArgumentNullException(nameof(value));
    }

    public void Set(string jobId, TaskShape shape) => Set(Of.Job, jobId, null, shape);

    public void Set(string jobId, int? imageNo, TaskShape shape) => Set(Of.Job, jobId, imageNo, shape);

    /// <summary>For tasks with exactly this <c>text</c> or <c>remixPrompt</c>.</summary>
    public void SetPrompt(string prompt, TaskShape shape) => Set(Of.Prompt, prompt, null, shape);

    public void SetModel(string model, TaskShape shape) => Set(Of.Model, model, null, shape);

    public void Clear()
    {
        _shapes.Clear();
        _default = new();
    }

    /// <summary>For <c>jobId</c> or <c>jobId:imageNo</c>.</summary>
    internal void SetNamed(string name, TaskShape shape)
    {
        int colon = name.LastIndexOf(':');
        if (colon > 0 && int.TryParse(name.AsSpan(colon + 1), CultureInfo.InvariantCulture, out int imageNo))
            Set(name[..colon], imageNo, shape);
        else
            Set(name, shape);
    }

    internal TaskShape For(JobKey key) =>
        Find(Of.Job, key.JobId, key.ImageNo) ?? Find(Of.Job, key.JobId) ?? Find(Of.Prompt, key.Prompt) ?? Find(Of.Model, key.Model) ?? _default;

    private TaskShape? Find(Of kind, string? name, int? imageNo = null) => name is null ? null : _shapes.GetValueOrDefault((kind, name, imageNo));

    private void Set(Of kind, string name, int? imageNo, TaskShape shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        _shapes[(kind, name, imageNo)] = shape;
    }
}

/// <summary>Shapes to set; jobs are named <c>jobId</c> or <c>jobId:imageNo</c>.</summary>
public sealed record ShapeChanges
{
    private static readonly Dictionary<string, TaskShape> None = [];

    public TaskShape? Default { get; init; }
    public IReadOnlyDictionary<string, TaskShape>? Jobs { get; init; }
    public IReadOnlyDictionary<string, TaskShape>? Models { get; init; }
    public IReadOnlyDictionary<string, TaskShape>? Prompts { get; init; }

    internal void ApplyTo(TaskShapes shapes)
    {
        shapes.Default = Default ?? shapes.Default;
        foreach (var (model, shape) in Models ?? None) shapes.SetModel(model, shape);
        foreach (var (prompt, shape) in Prompts ?? None) shapes.SetPrompt(prompt, shape);
        foreach (var (job, shape) in Jobs ?? None) shapes.SetNamed(job, shape);
    }
}
