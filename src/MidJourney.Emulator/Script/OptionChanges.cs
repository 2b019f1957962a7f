namespace MidJourney.Emulator;

/// <summary>Options to change while the emulator runs; what is null stays.</summary>
public sealed record OptionChanges
{
    public string? ApiKey { get; init; }

    public TaskDuration? Duration { get; init; }

    public TimeSpan? AnswerDelay { get; init; }

    /// <summary>0: no limit.</summary>
    public int? MaxRequestsPerSecond { get; init; }

    /// <summary>0: no limit.</summary>
    public int? MaxOutstanding { get; init; }

    /// <summary>An empty text takes the header away.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>All of them, in place of those before.</summary>
    public IReadOnlyList<string>? OtherModels { get; init; }

    public bool? StrictJobs { get; init; }

    public BodyStyle? ErrorBody { get; init; }

    public bool? RecordDetails { get; init; }

    internal void ApplyTo(EmulatorOptions options)
    {
        options.ApiKey = ApiKey ?? options.ApiKey;
        options.TaskDuration = Duration ?? options.TaskDuration;
        options.AnswerDelay = AnswerDelay ?? options.AnswerDelay;
        options.MaxRequestsPerSecond = MaxRequestsPerSecond ?? options.MaxRequestsPerSecond;
        options.MaxOutstanding = MaxOutstanding ?? options.MaxOutstanding;
        if (RetryAfter is not null)
            options.RetryAfter = RetryAfter.Length > 0 ? RetryAfter : null;
        options.OtherModels = OtherModels ?? options.OtherModels;
        options.StrictJobs = StrictJobs ?? options.StrictJobs;
        options.ErrorBody = ErrorBody ?? options.ErrorBody;
        options.RecordDetails = RecordDetails ?? options.RecordDetails;
    }
}
