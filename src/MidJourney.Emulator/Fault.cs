using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>The operations of the gateway. Any is every operation in a fault, and an unknown path in a record.</summary>
public enum Operation
{
    Any,
    Create,
    Read,
    File,
}

/// <summary>What goes wrong. "Made" says whether a create that meets the fault leaves a task behind.</summary>
public enum FaultKind
{
    /// <summary>An HTTP status with any body. Not made.</summary>
    Status,

    /// <summary>Waits, then goes on to the next rule and to the normal answer. Made.</summary>
    Delay,

    /// <summary>Never answers. Ends when the client leaves. Not made.</summary>
    Stall,

    /// <summary>Cuts the connection before anything takes effect. Not made.</summary>
    CutBefore,

    /// <summary>Does the work, then cuts the connection without an answer. Made.</summary>
    CutAfter,

    /// <summary>The full Content-Length, half of the body, then a cut. Made.</summary>
    HalfBody,

    /// <summary>HTTP 200 with an HTML page. Made.</summary>
    NotJson,

    /// <summary>HTTP 200 without an id, with an <c>error</c> object when a code or a message is given. Not made.</summary>
    NoId,

    /// <summary>The normal answer byte by byte, <see cref="Fault.Delay"/> apart. Made.</summary>
    SlowDrip,

    /// <summary>The normal answer, padded to <see cref="Fault.Bytes"/>; or, with an error status, an error padded so. Made unless it is an error.</summary>
    HugeBody,

    /// <summary>A redirect to <see cref="Fault.Location"/>. Not made.</summary>
    Redirect,
}

/// <summary>One rule: which requests it meets, how often, and what goes wrong with them.</summary>
public sealed class Fault
{
    private int _met;
    private int _fired;

    public Operation Operation { get; init; }

    /// <summary>Only requests about this job; reads and downloads are about the job of their task.</summary>
    public string? JobId { get; init; }

    public int? ImageNo { get; init; }

    /// <summary>Only this type of an upscale or a variation.</summary>
    public int? Type { get; init; }

    public string? Model { get; init; }

    /// <summary>Only requests with exactly this <c>text</c> or <c>remixPrompt</c>.</summary>
    public string? Prompt { get; init; }

    /// <summary>Only reads and downloads of this task.</summary>
    public string? TaskId { get; init; }

    public FaultKind Kind { get; init; }

    /// <summary>How often it fires. Null: always.</summary>
    public int? Times { get; init; }

    /// <summary>How many matching requests pass first.</summary>
    public int Skip { get; init; }

    /// <summary>The chance that it fires for a matching request, 0–1, drawn from the emulator's seed.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The HTTP status. Default: 500 for Status, 302 for Redirect, 200 for the others.</summary>
    public int? Status { get; init; }

    public BodyStyle Body { get; init; }

    /// <summary>The exact text of the body, in place of <see cref="Body"/>.</summary>
    public string? Text { get; init; }

    /// <summary>The content type of <see cref="Text"/>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The error's code: a number or a string, written as it is.</summary>
    public JsonNode? Code { get; init; }

    /// <summary>The error's text. Default: one that fits the status.</summary>
    public string? Message { get; init; }

    /// <summary>The Retry-After header as it is sent: seconds, a date, or anything else.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>A Retry-After header with the HTTP date that is this far from now.</summary>
    public TimeSpan? RetryAfterDate { get; init; }

    /// <summary>For SlowDrip the time between two bytes; for every other kind the time before it happens.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Cuts close the connection in order (FIN: the client reads an early end) instead of resetting it (RST).</summary>
    public bool Orderly { get; init; }

    /// <summary>The length of a HugeBody.</summary>
    public int Bytes { get; init; } = 1 << 20;

    /// <summary>The target of a Redirect.</summary>
    public string? Location { get; init; }

    /// <summary>How often it has fired.</summary>
    public int Hits => Math.Min(Volatile.Read(ref _fired), Times ?? int.MaxValue);

    /// <summary>Whether the request takes effect in spite of the fault.</summary>
    internal bool TakesEffect => Kind switch
    {
        FaultKind.CutAfter or FaultKind.HalfBody or FaultKind.NotJson or FaultKind.SlowDrip => true,
        FaultKind.HugeBody => Status is null or < 400,
        _ => false,
    };

    internal bool Fires(Operation operation, JobKey key, string? taskId, ulong seed)
    {
        if (!Meets(operation, key, taskId))
            return false;
        int met = Interlocked.Increment(ref _met);
        return met > Skip
            && (Probability >= 1 || SeededDraw.Unit(seed, (ulong)met) < Probability)
            && Interlocked.Increment(ref _fired) <= (Times ?? int.MaxValue);
    }

    private bool Meets(Operation operation, JobKey key, string? taskId) =>
        (Operation == Operation.Any || Operation == operation)
        && (JobId is null || JobId == key.JobId)
        && (ImageNo is null || ImageNo == key.ImageNo)
        && (Type is null || Type == key.Type)
        && (Model is null || Model == key.Model)
        && (Prompt is null || Prompt == key.Prompt)
        && (TaskId is null || TaskId == taskId);
}
