namespace MidJourney.Emulator;

/// <summary>How the emulator runs. What has a setter may change while it runs.</summary>
public sealed class EmulatorOptions
{
    /// <summary>The address to listen on: an IP address or <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>A path before every route, such as <c>/proxy/mj</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Draws durations, failures, faults and ids.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock of tasks, limits and delays.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many of the last requests <see cref="GatewayEmulator.Requests"/> keeps; 0 keeps none.</summary>
    public int RequestLogSize { get; init; } = 4096;

    /// <summary>Whether kept requests include headers and bodies.</summary>
    public bool RecordDetails { get; set; }

    /// <summary>The only key that is let in.</summary>
    public string ApiKey { get; set; } = "test";

    /// <summary>How long tasks take whose shape does not say.</summary>
    public TaskDuration TaskDuration { get; set; } = TaskDuration.Fixed(TimeSpan.FromSeconds(2));

    /// <summary>Added to every answer; a create takes effect before it.</summary>
    public TimeSpan AnswerDelay { get; set; }

    /// <summary>Creates and reads let through in any one second; above it they get 429. 0: no limit.</summary>
    public int MaxRequestsPerSecond { get; set; }

    /// <summary>Creates get 429 while this many tasks have not ended. 0: no limit.</summary>
    public int MaxOutstanding { get; set; }

    /// <summary>The Retry-After header of the limits' 429; null: none.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Ids beside the documented models that are let in, with any parameters.</summary>
    public IReadOnlyCollection<string> OtherModels { get; set; } = ["midjourney_pan", "midjourney_enhance"];

    /// <summary>Job ids must be those that finished tasks of this emulator gave out, and fit for what is asked. Else any job id is taken.</summary>
    public bool StrictJobs { get; set; }

    /// <summary>How the emulator's own errors (400, 401, 404, 429) are written.</summary>
    public BodyStyle ErrorBody { get; set; }
}
