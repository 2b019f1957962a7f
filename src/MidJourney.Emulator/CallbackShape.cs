namespace MidJourney.Emulator;

/// <summary>When the callback URL of a task is called, and with what. The default is one POST at the end, with the task as a read gives it; README.md has the table.</summary>
public sealed record CallbackShape
{
    public CallbackBody Body { get; init; }
    public string? Text { get; init; } // the exact body, in place of Body
    public string ContentType { get; init; } = "application/json"; // of Text
    public string? Url { get; init; } // in place of the create's
    public IReadOnlyList<double> At { get; init; } = [1]; // shares of the task's duration
    public TimeSpan Delay { get; init; } // negative: before a read shows what the body says
    public double LossRate { get; init; } // drawn by the order of creation
    public bool BeforeAnswer { get; init; } // the answer to the create waits for the first callback
    public TimeSpan Pause { get; init; } // between two bytes of the body
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20)];
}

/// <summary>The task as a read gives it, the flat job of the service behind the gateway, a form, a task with an ID that no task has, JSON in JSON, nothing; or no callback.</summary>
public enum CallbackBody { Task, Job, Form, Foreign, Nested, Empty, Off }

/// <summary>One request to a callback URL.</summary>
public sealed record CallbackRecord
{
    public required string TaskId { get; init; }
    public required string Url { get; init; }
    public required double Share { get; init; } // of the task's duration that the body is about; 1 for the end
    public required int Attempt { get; init; } // from 1
    public required DateTimeOffset At { get; init; } // when it was sent, by the emulator's clock
    public int? Status { get; internal set; } // null while there is no answer yet, 0 when there was none
    public string? Body { get; init; } // only with EmulatorOptions.RecordDetails
}
