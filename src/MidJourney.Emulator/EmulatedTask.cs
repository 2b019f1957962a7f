using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>A task that the emulator has made.</summary>
public sealed class EmulatedTask
{
    private int _reads;

    internal EmulatedTask(string id, ulong number, CreateRequest create, DateTimeOffset createdAt, DateTimeOffset endsAt, TaskShape shape)
    {
        Id = id;
        Number = number;
        MadeBy = create.Model!;
        Key = create.Key;
        Callback = create.Callback;
        Outputs = create.Outputs;
        CreatedAt = createdAt;
        EndsAt = endsAt;
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

    /// <summary>The <c>text</c>, or the <c>remixPrompt</c>.</summary>
    public string? Prompt => Key.Prompt;

    /// <summary>The number of outputs, each of them billed: one for each permutation of a prompt.</summary>
    public int Outputs { get; }

    /// <summary>The number of images in each output.</summary>
    public int Images => Shape.Images ?? MadeBy.Images;

    /// <summary>The callback of the create. It is never called.</summary>
    public string? Callback { get; }

    public DateTimeOffset CreatedAt { get; }

    /// <summary>When it ends or ended; <see cref="DateTimeOffset.MaxValue"/> for never.</summary>
    public DateTimeOffset EndsAt { get; }

    /// <summary>Whether it ends as failed.</summary>
    public bool Fails { get; }

    /// <summary>How often it was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    [JsonIgnore]
    public JobKey Key { get; }

    [JsonIgnore]
    public TaskShape Shape { get; internal set; }

    internal GatewayModel MadeBy { get; }

    /// <summary>The job id of an output. Its images share it and differ in their image number.</summary>
    public Guid ResultJobId(int output = 0) => new([
        .. BitConverter.GetBytes(SeededDraw.Bits(Number, ((ulong)output * 2) + 11)),
        .. BitConverter.GetBytes(SeededDraw.Bits(Number, ((ulong)output * 2) + 12))]);

    internal void CountRead() => Interlocked.Increment(ref _reads);
}
