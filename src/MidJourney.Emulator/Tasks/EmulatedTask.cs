using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>A task the emulator has made.</summary>
public sealed class EmulatedTask
{
    private int _reads;

    internal EmulatedTask(string id, ulong number, string model, JobKey key, string? callback, long createdAt, long endsAt, TaskShape shape)
    {
        Id = id;
        Number = number;
        Model = model;
        Key = key;
        Callback = callback;
        CreatedTicks = createdAt;
        EndTicks = endsAt;
        Shape = shape;
        Fails = shape.Failure is not null && (shape.FailureRate >= 1 || SeededDraw.Unit(number, 3) < shape.FailureRate);
    }

    public string Id { get; }

    /// <summary>Its place in the order of creation, from 1.</summary>
    public ulong Number { get; }

    public string Model { get; }

    public string? JobId => Key.JobId;

    public int? ImageNo => Key.ImageNo;

    public int? Type => Key.Type;

    /// <summary>The callback that was asked for. It is never called.</summary>
    public string? Callback { get; }

    public DateTimeOffset CreatedAt => new(CreatedTicks, TimeSpan.Zero);

    /// <summary>When it ends or ended; <see cref="DateTimeOffset.MaxValue"/> for never.</summary>
    public DateTimeOffset EndsAt => new(EndTicks, TimeSpan.Zero);

    /// <summary>Whether it ends as failed.</summary>
    public bool Fails { get; }

    /// <summary>How often it was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    [JsonIgnore]
    public JobKey Key { get; }

    [JsonIgnore]
    public TaskShape Shape { get; internal set; }

    internal long CreatedTicks { get; }

    internal long EndTicks { get; }

    /// <summary>The job id of the n-th result.</summary>
    public Guid ResultJobId(int index)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, SeededDraw.Bits(Number, (ulong)index * 2 + 11));
        BitConverter.TryWriteBytes(bytes[8..], SeededDraw.Bits(Number, (ulong)index * 2 + 12));
        return new Guid(bytes);
    }

    internal void CountRead() => Interlocked.Increment(ref _reads);
}
