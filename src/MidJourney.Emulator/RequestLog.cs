namespace MidJourney.Emulator;

/// <summary>One request as it was received and answered.</summary>
public sealed record RequestRecord
{
    /// <summary>When it arrived, by the emulator's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its place in the order of answers, from 1.</summary>
    public long Number { get; internal set; }

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

/// <summary>The last requests.</summary>
internal sealed class RequestLog(int size)
{
    private readonly Queue<RequestRecord> _records = [];
    private long _number;

    /// <summary>In order of arrival.</summary>
    public IReadOnlyList<RequestRecord> All
    {
        get { lock (_records) return [.. _records.OrderBy(record => record.At).ThenBy(record => record.Number)]; }
    }

    public void Add(RequestRecord record)
    {
        lock (_records)
        {
            record.Number = ++_number;
            _records.Enqueue(record);
            if (_records.Count > size) _records.Dequeue();
        }
    }

    public void Clear()
    {
        lock (_records) _records.Clear();
    }
}
