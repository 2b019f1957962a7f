namespace MidJourney.Emulator;

/// <summary>The last requests, in a ring.</summary>
internal sealed class RequestLog(int size)
{
    private readonly RequestRecord?[] _ring = new RequestRecord?[size];
    private long _number;

    public bool IsOn => _ring.Length > 0;

    public IReadOnlyList<RequestRecord> All =>
        [.. _ring.OfType<RequestRecord>().OrderBy(record => record.At).ThenBy(record => record.Number)];

    public long NextNumber() => Interlocked.Increment(ref _number);

    public void Add(RequestRecord record) =>
        Volatile.Write(ref _ring[(int)(record.Number % _ring.Length)], record);

    public void Clear() => Array.Clear(_ring);
}
