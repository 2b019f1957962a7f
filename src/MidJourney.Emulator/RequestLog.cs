namespace MidJourney.Emulator;

/// <summary>One request as it was received and answered.</summary>
public sealed record RequestRecord
{
    public required DateTimeOffset At { get; init; } // when it arrived, by the emulator's clock
    public long Number { get; internal set; } // its place in the order of answers, from 1
    public required Operation Operation { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; } // with the query
    public required int Status { get; init; } // 0 when the answer was cut
    public string? TaskId { get; init; }
    public string? Model { get; init; }
    public string? JobId { get; init; }
    public int? ImageNo { get; init; }
    public int? Type { get; init; }
    public bool HasAuthorization { get; init; }

    // Only with EmulatorOptions.RecordDetails.
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
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
