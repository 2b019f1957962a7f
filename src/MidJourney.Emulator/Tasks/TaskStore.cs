using System.Collections.Concurrent;

namespace MidJourney.Emulator;

/// <summary>Every task made, and how many of them have not ended.</summary>
internal sealed class TaskStore
{
    private readonly ulong _seed;
    private readonly TaskIds _ids;
    private readonly Lock _making = new();
    private readonly PriorityQueue<byte, long> _ends = new();
    private readonly ConcurrentDictionary<string, EmulatedTask> _tasks = new();
    private readonly ConcurrentDictionary<string, EmulatedTask>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly ConcurrentDictionary<Guid, EmulatedTask> _jobs = new();
    private ulong _number;

    public TaskStore(ulong seed)
    {
        _seed = seed;
        _ids = new TaskIds(seed);
        _lookup = _tasks.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<EmulatedTask> All => [.. _tasks.Values.OrderBy(task => task.Number)];

    public EmulatedTask? Find(ReadOnlySpan<char> id) => _lookup.TryGetValue(id, out var task) ? task : null;

    /// <summary>The task whose results have this job id, ended or not.</summary>
    public EmulatedTask? FindJob(string jobId) =>
        Guid.TryParseExact(jobId, "D", out var id) && id.ToString() == jobId && _jobs.TryGetValue(id, out var task) ? task : null;

    /// <summary>Makes a task, unless <paramref name="maxOutstanding"/> (0 = no limit) of them have not ended.</summary>
    public EmulatedTask? TryMake(in CreateRequest create, TaskShape shape, TaskDuration duration, long now, int maxOutstanding)
    {
        ulong number;
        long end;
        lock (_making)
        {
            ForgetEnded(now);
            if (maxOutstanding > 0 && _ends.Count >= maxOutstanding)
                return null;
            number = ++_number;
            end = duration.EndOf(now, SeededDraw.Unit(_seed, number * 2), SeededDraw.Unit(_seed, (number * 2) + 1));
            _ends.Enqueue(0, end);
        }
        var task = new EmulatedTask(_ids.Next(number, now), number, create, now, end, shape);
        for (int output = 0; output < task.Outputs; output++)
            _jobs[task.ResultJobId(output)] = task;
        _tasks[task.Id] = task;
        return task;
    }

    public int Outstanding(long now)
    {
        lock (_making)
        {
            ForgetEnded(now);
            return _ends.Count;
        }
    }

    public void Clear()
    {
        lock (_making)
        {
            _ends.Clear();
            _tasks.Clear();
            _jobs.Clear();
        }
    }

    private void ForgetEnded(long now)
    {
        while (_ends.TryPeek(out _, out long end) && end <= now)
            _ends.Dequeue();
    }
}
