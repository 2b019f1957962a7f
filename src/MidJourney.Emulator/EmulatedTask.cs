using System.Text.Json.Serialization;

namespace MidJourney.Emulator;

/// <summary>A task that the emulator has made.</summary>
public sealed class EmulatedTask
{
    private readonly decimal _price;
    private readonly TaskCompletionSource _calledBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CallbackRecord[] _callbacks = [];
    private int _reads;
    private long _seenAt;

    internal EmulatedTask(
        string id, ulong number, CreateRequest create, DateTimeOffset createdAt, DateTimeOffset endsAt, TaskShape shape, EmulatorOptions options)
    {
        (Id, Number, CreatedAt, EndsAt, Shape) = (id, number, createdAt, endsAt, shape);
        (MadeBy, Key, Kind, Callback, Outputs) = (create.Model!, create.Key, create.Kind, create.Callback, create.Outputs);
        Fails = shape.Failure is not null && (shape.FailureRate >= 1 || SeededDraw.Unit(number, 3) < shape.FailureRate);
        _price = (options.PriceOf(Kind) ?? Price.Default).Of(SeededDraw.Unit(~(ulong)options.Seed, number));
        Currency = options.Currency;
        IsBilled = !Fails || options.BillFailed;
    }

    public string Id { get; }
    public ulong Number { get; } // its place in the order of creation, from 1
    public string Model => MadeBy.Name;
    public string? JobId => Key.JobId;
    public int? ImageNo => Key.ImageNo;
    public int? Type => Key.Type;
    public string? Prompt => Key.Prompt; // the text, or the remixPrompt
    public int Outputs { get; } // each of them billed: one for each permutation of a prompt
    public int Images => Shape.Images ?? MadeBy.Images; // of each output
    public string? Callback { get; } // the URL
    public DateTimeOffset CreatedAt { get; }
    public DateTimeOffset EndsAt { get; } // MaxValue for never
    public DateTimeOffset? SeenAt => Volatile.Read(ref _seenAt) is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null; // when a read first showed that it has ended
    public bool Fails { get; } // when it ends
    public bool IsBilled { get; }
    public decimal UnitPrice => Shape.Cost ?? _price; // of each output
    public decimal Cost => UnitPrice * Outputs;
    public string Currency { get; }
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>What was sent to its callback URL, in that order.</summary>
    [JsonIgnore]
    public IReadOnlyList<CallbackRecord> Callbacks => _callbacks;

    [JsonIgnore]
    public JobKey Key { get; }

    [JsonIgnore]
    public TaskShape Shape { get; internal set; }

    internal GatewayModel MadeBy { get; }

    /// <summary>The image it works on, looked up when the task is made: what an image shows must not change later.</summary>
    internal (EmulatedTask Task, int Index)? Source { get; init; }

    internal WorkKind Kind { get; }

    /// <summary>The job id of an output. Its images share it and differ in their image number.</summary>
    public Guid ResultJobId(int output = 0) => new([
        .. BitConverter.GetBytes(SeededDraw.Bits(Number, ((ulong)output * 2) + 11)),
        .. BitConverter.GetBytes(SeededDraw.Bits(Number, ((ulong)output * 2) + 12))]);

    /// <summary>When a share of its duration has passed.</summary>
    internal DateTimeOffset TimeOf(double share) =>
        share >= 1 ? EndsAt : share <= 0 ? CreatedAt : EndsAt == DateTimeOffset.MaxValue ? EndsAt : CreatedAt + ((EndsAt - CreatedAt) * share);

    /// <summary>Ends when its first callback was answered, lost or given up for the first time.</summary>
    internal Task CalledBack => _calledBack.Task;

    internal void MarkCalledBack() => _calledBack.TrySetResult();

    internal void Add(CallbackRecord callback) => _callbacks = [.. _callbacks, callback];

    internal void MarkSeen(DateTimeOffset at) => Interlocked.CompareExchange(ref _seenAt, at.UtcTicks, 0);

    internal void CountRead() => Interlocked.Increment(ref _reads);
}
