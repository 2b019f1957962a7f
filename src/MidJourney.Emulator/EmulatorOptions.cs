namespace MidJourney.Emulator;

/// <summary>How the emulator runs. Options with a setter can change while it runs.</summary>
public sealed class EmulatorOptions
{
    /// <summary>The address to listen on: an IP address or <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>A path before every route, such as <c>/proxy/mj</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The seed of durations, failures, faults and ids.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock of tasks, limits and delays.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many of the last requests <see cref="GatewayEmulator.Requests"/> keeps; 0 keeps none.</summary>
    public int RequestLogSize { get; init; } = 4096;

    /// <summary>Whether kept requests include headers and bodies.</summary>
    public bool RecordDetails { get; set; }

    /// <summary>The only key that is accepted.</summary>
    public string ApiKey { get; set; } = "test";

    /// <summary>The duration of tasks whose shape has none.</summary>
    public TaskDuration TaskDuration { get; set; } = TaskDuration.Fixed(TimeSpan.FromSeconds(2));

    /// <summary>Added to every answer; a create takes effect before it.</summary>
    public TimeSpan AnswerDelay { get; set; }

    /// <summary>The creates and reads accepted in any one second; the others get 429. 0: no limit.</summary>
    public int MaxRequestsPerSecond { get; set; }

    /// <summary>While this many tasks are running, creates get 429. 0: no limit.</summary>
    public int MaxOutstanding { get; set; }

    /// <summary>The Retry-After header of these 429 answers; null: none.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Ids of more models, which are accepted with any parameters.</summary>
    public IReadOnlyCollection<string> OtherModels { get; set; } = ["midjourney_pan", "midjourney_enhance"];

    /// <summary>Accepts only job ids that finished tasks of this emulator returned, and only for steps that the job allows.</summary>
    public bool StrictJobs { get; set; }

    /// <summary>The body of the emulator's own errors (400, 401, 404, 429).</summary>
    public BodyStyle ErrorBody { get; set; }
}
