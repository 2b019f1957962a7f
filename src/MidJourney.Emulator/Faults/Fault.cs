using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>One rule: which requests it meets, how often, and what goes wrong with them.</summary>
public sealed class Fault
{
    private int _met;
    private int _fired;

    /// <summary>The operation it meets. Default: every one.</summary>
    public Operation Operation { get; init; }

    /// <summary>Only requests about this job; reads and downloads are about the job of their task.</summary>
    public string? JobId { get; init; }

    /// <summary>Only this image number.</summary>
    public int? ImageNo { get; init; }

    /// <summary>Only this type of an upscale or a variation.</summary>
    public int? Type { get; init; }

    /// <summary>Only requests about this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only requests about this whole text or remix prompt.</summary>
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

    /// <summary>The HTTP status. Default: 500 for Status, 302 for Redirect, 200 for the rest.</summary>
    public int? Status { get; init; }

    /// <summary>How the error is written.</summary>
    public BodyStyle Body { get; init; }

    /// <summary>The body's exact text, in place of <see cref="Body"/>.</summary>
    public string? Text { get; init; }

    /// <summary>The content type that goes with <see cref="Text"/>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The error's code: a number or a string, written as it is.</summary>
    public JsonNode? Code { get; init; }

    /// <summary>The error's text. Default: one that fits the status.</summary>
    public string? Message { get; init; }

    /// <summary>The Retry-After header as it is sent: seconds, a date, or anything else.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>A Retry-After header with the HTTP date that lies this far from now.</summary>
    public TimeSpan? RetryAfterDate { get; init; }

    /// <summary>For SlowDrip the time between two bytes; for every other kind the time before it happens.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Cuts end the connection in order (FIN: the client reads an early end) in place of resetting it (RST).</summary>
    public bool Orderly { get; init; }

    /// <summary>The length of a HugeBody.</summary>
    public int Bytes { get; init; } = 1 << 20;

    /// <summary>Where a Redirect points.</summary>
    public string? Location { get; init; }

    /// <summary>How often it has fired.</summary>
    public int Hits => Math.Min(Volatile.Read(ref _fired), Times ?? int.MaxValue);

    /// <summary>Whether the request's task is made in spite of the fault.</summary>
    internal bool TakesEffect => Kind switch
    {
        FaultKind.CutAfter or FaultKind.HalfBody or FaultKind.NotJson or FaultKind.SlowDrip => true,
        FaultKind.HugeBody => Status is null or < 400,
        _ => false,
    };

    internal bool Fires(Operation operation, in JobKey key, string? taskId, ulong seed)
    {
        if (!Meets(operation, key, taskId))
            return false;
        int met = Interlocked.Increment(ref _met);
        if (met <= Skip)
            return false;
        if (Probability < 1 && SeededDraw.Unit(seed, (ulong)met) >= Probability)
            return false;
        return Interlocked.Increment(ref _fired) <= (Times ?? int.MaxValue);
    }

    private bool Meets(Operation operation, in JobKey key, string? taskId) =>
        (Operation == Operation.Any || Operation == operation)
        && (JobId is null || JobId == key.JobId)
        && (ImageNo is null || ImageNo == key.ImageNo)
        && (Type is null || Type == key.Type)
        && (Model is null || Model == key.Model)
        && (Prompt is null || Prompt == key.Prompt)
        && (TaskId is null || TaskId == taskId);
}
