using System.Collections.Concurrent;

namespace MidJourney.Emulator;

/// <summary>The rules in force. Those of a task come before those of a job, those before the rest; then the order they were added in.</summary>
public sealed class FaultRules
{
    private readonly Lock _changing = new();
    private readonly ulong _seed;
    private readonly ConcurrentDictionary<string, Fault[]> _byTask = new();
    private readonly ConcurrentDictionary<string, Fault[]> _byJob = new();
    private Fault[] _others = [];
    private volatile int _count;

    internal FaultRules(ulong seed) => _seed = seed;

    public int Count => _count;

    public IReadOnlyList<Fault> All =>
        [.. _byTask.Values.Concat(_byJob.Values).Append(Volatile.Read(ref _others)).SelectMany(rules => rules)];

    /// <summary>Adds a rule and returns it, so that <see cref="Fault.Hits"/> can be read later.</summary>
    public Fault Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_changing)
        {
            if (fault.TaskId is { } task)
                _byTask.AddOrUpdate(task, [fault], (_, rules) => [.. rules, fault]);
            else if (fault.JobId is { } job)
                _byJob.AddOrUpdate(job, [fault], (_, rules) => [.. rules, fault]);
            else
                Volatile.Write(ref _others, [.. _others, fault]);
            _count++;
        }
        return fault;
    }

    public void Clear()
    {
        lock (_changing)
        {
            _byTask.Clear();
            _byJob.Clear();
            Volatile.Write(ref _others, []);
            _count = 0;
        }
    }

    /// <summary>The fault that meets the request, and the delays that come before it.</summary>
    internal (Fault? Fault, TimeSpan Delay) Pick(Operation operation, in JobKey key, string? taskId)
    {
        TimeSpan delay = TimeSpan.Zero;
        Fault? fault = null;
        if (taskId is not null && _byTask.TryGetValue(taskId, out var ofTask))
            fault = Pick(ofTask, operation, key, taskId, ref delay);
        if (fault is null && key.JobId is { } job && _byJob.TryGetValue(job, out var ofJob))
            fault = Pick(ofJob, operation, key, taskId, ref delay);
        fault ??= Pick(Volatile.Read(ref _others), operation, key, taskId, ref delay);
        return (fault, delay);
    }

    private Fault? Pick(Fault[] rules, Operation operation, in JobKey key, string? taskId, ref TimeSpan delay)
    {
        foreach (var rule in rules)
        {
            if (!rule.Fires(operation, key, taskId, _seed))
                continue;
            if (rule.Kind is not FaultKind.SlowDrip)
                delay += rule.Delay;
            if (rule.Kind is not FaultKind.Delay)
                return rule;
        }
        return null;
    }
}
