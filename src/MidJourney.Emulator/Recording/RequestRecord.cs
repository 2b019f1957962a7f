namespace MidJourney.Emulator;

/// <summary>One request as it was received and answered.</summary>
public sealed record RequestRecord
{
    /// <summary>When it arrived, by the emulator's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its place in the order of answering, from 1.</summary>
    public required long Number { get; init; }

    public required Operation Operation { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Path { get; init; }

    /// <summary>The HTTP status of the answer; 0 when it was cut.</summary>
    public required int Status { get; init; }

    public string? TaskId { get; init; }

    public string? Model { get; init; }

    public string? JobId { get; init; }

    public int? ImageNo { get; init; }

    public int? Type { get; init; }

    public bool HasAuthorization { get; init; }

    /// <summary>Only with <see cref="EmulatorOptions.RecordDetails"/>.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Only with <see cref="EmulatorOptions.RecordDetails"/>.</summary>
    public string? Body { get; init; }
}
