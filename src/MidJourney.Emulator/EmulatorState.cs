using System.Collections.Concurrent;

namespace MidJourney.Emulator;

/// <summary>What the handlers share.</summary>
internal sealed class EmulatorState(EmulatorOptions options)
{
    private const int MostUnknownIds = 10_000;
    private readonly ConcurrentDictionary<string, int> _readsOfUnknown = new();

    public EmulatorOptions Options { get; } = options;

    public EmulatorCounts Counts { get; } = new();

    public FaultRules Faults { get; } = new((ulong)options.Seed);

    public TaskShapes Shapes { get; } = new();

    public TaskStore Tasks { get; } = new((ulong)options.Seed);

    public ConcurrentDictionary<JobKey, JobCount> Jobs { get; } = new();

    public RequestLog Log { get; } = new(options.RequestLogSize);

    public SlidingSecond Rate { get; } = new();

    /// <summary>Without a slash at the end.</summary>
    public string BaseText { get; set; } = "";

    public long Now => Options.TimeProvider.GetUtcNow().Ticks;

    public IEnumerable<JobKey> MadeTwice => Jobs.Where(job => job.Value.TasksMade > 1).Select(job => job.Key);

    public JobCount CountOf(in JobKey key) => Jobs.GetOrAdd(key, static _ => new JobCount());

    public EmulatedTask? TryMakeTask(in CreateRequest create, TaskShape shape, int maxOutstanding) =>
        Tasks.TryMake(create, shape, shape.Duration ?? Options.TaskDuration, Now, maxOutstanding);

    public void CountReadOfUnknown(string id)
    {
        if (_readsOfUnknown.Count < MostUnknownIds)
            _readsOfUnknown.AddOrUpdate(id, 1, static (_, reads) => reads + 1);
    }

    public int ReadsOf(string id) =>
        Tasks.Find(id)?.Reads ?? _readsOfUnknown.GetValueOrDefault(id);

    public void Reset()
    {
        Faults.Clear();
        Shapes.Clear();
        Tasks.Clear();
        Jobs.Clear();
        Log.Clear();
        _readsOfUnknown.Clear();
        Counts.Reset();
    }
}
