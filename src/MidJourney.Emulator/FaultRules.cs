namespace MidJourney.Emulator;

/// <summary>The rules in force. Those of a task come first, then those of a job, then the others; within these, the order in which they were added.</summary>
public sealed class FaultRules
{
    private readonly Lock _changing = new();
    private readonly ulong _seed;
    private volatile Fault[] _rules = [];

    internal FaultRules(ulong seed) => _seed = seed;

    public int Count => _rules.Length;

    public IReadOnlyList<Fault> All => _rules;

    /// <summary>Adds a rule and returns it, so that <see cref="Fault.Hits"/> can be read later.</summary>
    public Fault Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_changing)
            _rules = [.. _rules.Append(fault).OrderBy(Rank)];
        return fault;
    }

    public void Clear()
    {
        lock (_changing)
            _rules = [];
    }

    /// <summary>The fault that meets the request, and the sum of the delays before it.</summary>
    internal (Fault? Fault, TimeSpan Delay) Pick(Operation operation, JobKey key, string? taskId)
    {
        var delay = TimeSpan.Zero;
        foreach (var rule in _rules)
        {
            if (!rule.Fires(operation, key, taskId, _seed))
                continue;
            if (rule.Kind is not FaultKind.SlowDrip)
                delay += rule.Delay;
            if (rule.Kind is not FaultKind.Delay)
                return (rule, delay);
        }
        return (null, delay);
    }

    private static int Rank(Fault fault) => fault.TaskId is not null ? 0 : fault.JobId is not null ? 1 : 2;
}
