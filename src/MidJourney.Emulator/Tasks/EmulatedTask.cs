using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>A task the emulator has made.</summary>
public sealed class EmulatedTask
{
    private int _reads;

    internal EmulatedTask(string id, ulong number, in CreateRequest create, long createdAt, long endsAt, TaskShape shape)
    {
        Id = id;
        Number = number;
        MadeBy = create.Model!;
        Key = create.Key;
        Callback = create.Callback;
        Outputs = create.Outputs;
        CreatedTicks = createdAt;
        EndTicks = endsAt;
        Shape = shape;
        Fails = shape.Failure is not null && (shape.FailureRate >= 1 || SeededDraw.Unit(number, 3) < shape.FailureRate);
    }

    public string Id { get; }

    /// <summary>Its place in the order of creation, from 1.</summary>
    public ulong Number { get; }

    public string Model => MadeBy.Name;

    public string? JobId => Key.JobId;

    public int? ImageNo => Key.ImageNo;

    public int? Type => Key.Type;

    /// <summary>The text, or the remix prompt.</summary>
    public string? Prompt => Key.Prompt;

    /// <summary>How many outputs it has, each of them billed: one for each permutation of a prompt.</summary>
    public int Outputs { get; }

    /// <summary>How many images each output has.</summary>
    public int Images => Shape.Images ?? MadeBy.Images;

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

    internal GatewayModel MadeBy { get; }

    internal long CreatedTicks { get; }

    internal long EndTicks { get; }

    /// <summary>The job id of an output. Its images share it and are told apart by their image number.</summary>
    public Guid ResultJobId(int output = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, SeededDraw.Bits(Number, (ulong)output * 2 + 11));
        BitConverter.TryWriteBytes(bytes[8..], SeededDraw.Bits(Number, (ulong)output * 2 + 12));
        return new Guid(bytes);
    }

    internal void CountRead() => Interlocked.Increment(ref _reads);
}
