using System.Text.Json.Nodes;

namespace MidJourney.Emulator;

/// <summary>The operations of the gateway. Any is every operation in a fault, and an unknown path in a record.</summary>
public enum Operation { Any, Create, Read, File, Precharge, Bill }

/// <summary>What goes wrong; README.md has the table.</summary>
public enum FaultKind { Status, Delay, Stall, CutBefore, CutAfter, HalfBody, NotJson, NoId, SlowDrip, HugeBody, Redirect }

/// <summary>One rule: which requests it meets, how often, and what goes wrong with them.</summary>
public sealed class Fault
{
    private int _met;
    private int _fired;

    // Which requests. Null meets all; reads and downloads are about what their task was asked for.
    public Operation Operation { get; init; }
    public string? Model { get; init; }
    public string? JobId { get; init; }
    public int? ImageNo { get; init; }
    public int? Type { get; init; }
    public string? Prompt { get; init; } // the whole text or remixPrompt
    public string? TaskId { get; init; }

    // How often.
    public int? Times { get; init; } // null: always
    public int Skip { get; init; }
    public double Probability { get; init; } = 1;

    // What goes wrong.
    public FaultKind Kind { get; init; }
    public int? Status { get; init; } // null: 500 for Status, 302 for Redirect, 200 for the others
    public BodyStyle Body { get; init; }
    public string? Text { get; init; } // the exact body, in place of Body
    public string ContentType { get; init; } = "application/json"; // of Text
    public JsonNode? Code { get; init; } // a number or a string, written as it is
    public string? Message { get; init; } // null: one that fits the status
    public string? RetryAfter { get; init; }
    public TimeSpan? RetryAfterDate { get; init; } // from now
    public TimeSpan Delay { get; init; } // for SlowDrip between two bytes; for every other kind before it happens
    public bool Orderly { get; init; } // a cut is a FIN, not an RST
    public int Bytes { get; init; } = 1 << 20; // of a HugeBody
    public string? Location { get; init; } // of a Redirect

    /// <summary>How often it has fired.</summary>
    public int Hits => Math.Min(Volatile.Read(ref _fired), Times ?? int.MaxValue);

    /// <summary>Whether the request takes effect in spite of the fault.</summary>
    internal bool TakesEffect => Kind switch
    {
        FaultKind.CutAfter or FaultKind.HalfBody or FaultKind.NotJson or FaultKind.SlowDrip => true,
        FaultKind.HugeBody => Status is null or < 400,
        _ => false,
    };

    /// <summary>The rules of a task come first, then those of a job, then the others.</summary>
    internal int Rank => TaskId is not null ? 0 : JobId is not null ? 1 : 2;

    internal bool Fires(Operation operation, JobKey key, string? taskId, ulong seed)
    {
        if (!Meets(operation, key, taskId))
            return false;
        int met = Interlocked.Increment(ref _met);
        return met > Skip
            && (Probability >= 1 || SeededDraw.Unit(seed, (ulong)met) < Probability)
            && Interlocked.Increment(ref _fired) <= (Times ?? int.MaxValue);
    }

    private bool Meets(Operation operation, JobKey key, string? taskId) =>
        (Operation == Operation.Any || Operation == operation)
        && (JobId is null || JobId == key.JobId)
        && (ImageNo is null || ImageNo == key.ImageNo)
        && (Type is null || Type == key.Type)
        && (Model is null || Model == key.Model)
        && (Prompt is null || Prompt == key.Prompt)
        && (TaskId is null || TaskId == taskId);
}

/// <summary>The rules in force, by their rank; within a rank, in the order in which they were added.</summary>
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
        lock (_changing) _rules = [.. _rules.Append(fault).OrderBy(rule => rule.Rank)];
        return fault;
    }

    public void Clear()
    {
        lock (_changing) _rules = [];
    }

    /// <summary>The fault that meets the request, and the sum of the delays before it.</summary>
    internal (Fault? Fault, TimeSpan Delay) Pick(Operation operation, JobKey key, string? taskId)
    {
        var delay = TimeSpan.Zero;
        foreach (var rule in _rules.Where(rule => rule.Fires(operation, key, taskId, _seed)))
        {
            if (rule.Kind is not FaultKind.SlowDrip) delay += rule.Delay;
            if (rule.Kind is not FaultKind.Delay) return (rule, delay);
        }
        return (null, delay);
    }
}
