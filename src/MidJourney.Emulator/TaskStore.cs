using System.Globalization;
using System.Text.RegularExpressions;

namespace MidJourney.Emulator;

/// <summary>Every task made, by its id and by the job ids of its results.</summary>
internal sealed partial class TaskStore(ulong seed)
{
    private const string Base32 = "0123456789abcdefghijklmnopqrstuv";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, EmulatedTask> _tasks = [];
    private readonly Dictionary<string, EmulatedTask> _jobs = [];
    private readonly PriorityQueue<EmulatedTask, DateTimeOffset> _running = new();
    private ulong _number;

    /// <summary>In order of creation.</summary>
    public IReadOnlyList<EmulatedTask> All
    {
        get { lock (_lock) return [.. _tasks.Values.OrderBy(task => task.Number)]; }
    }

    public EmulatedTask? Find(string id)
    {
        lock (_lock) return _tasks.GetValueOrDefault(id);
    }

    /// <summary>The task whose results have this job id, ended or not.</summary>
    public EmulatedTask? FindJob(string jobId)
    {
        lock (_lock) return _jobs.GetValueOrDefault(jobId);
    }

    public int Outstanding(DateTimeOffset now)
    {
        lock (_lock) return Running(now);
    }

    /// <summary>Makes a task, unless <paramref name="maxOutstanding"/> (0: no limit) of them have not ended.</summary>
    public EmulatedTask? TryMake(CreateRequest create, TaskShape shape, EmulatorOptions options, DateTimeOffset now, int maxOutstanding)
    {
        lock (_lock)
        {
            if (maxOutstanding > 0 && Running(now) >= maxOutstanding)
                return null;
            ulong number = ++_number;
            var end = (shape.Duration ?? options.TaskDuration).EndOf(now, SeededDraw.Unit(seed, number * 2), SeededDraw.Unit(seed, (number * 2) + 1));
            var task = new EmulatedTask(IdOf(number, now), number, create, now, end, shape, options) { Source = SourceOf(create.Key) };
            _running.Enqueue(task, end);
            _tasks[task.Id] = task;
            for (int output = 0; output < task.Outputs; output++)
                _jobs[task.ResultJobId(output).ToString()] = task;
            return task;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _running.Clear();
            _tasks.Clear();
            _jobs.Clear();
        }
    }

    /// <summary>The image that a task works on, if it is one of ours: by its job, or by the address of its file.</summary>
    private (EmulatedTask Task, int Index)? SourceOf(JobKey key)
    {
        if (key.JobId is { } job && _jobs.TryGetValue(job, out var source) && source.Images > 0)
        {
            int output = Enumerable.Range(0, source.Outputs).First(number => source.ResultJobId(number).ToString() == job);
            return (source, (output * source.Images) + Math.Min(key.ImageNo ?? 0, source.Images - 1));
        }
        var file = FileAddress().Match(key.Parameters ?? "");
        if (!file.Success || !_tasks.TryGetValue(file.Groups["id"].Value, out source))
            return null;
        int index = int.Parse(file.Groups["index"].Value, CultureInfo.InvariantCulture);
        return index < source.Outputs * source.Images ? (source, index) : null;
    }

    private int Running(DateTimeOffset now)
    {
        while (_running.TryPeek(out _, out var end) && end <= now)
            _running.Dequeue();
        return _running.Count;
    }

    /// <summary>As the gateway's ids look: 12 bytes (time, seed and counter) in base 32 make 20 characters.</summary>
    private string IdOf(ulong number, DateTimeOffset now)
    {
        ulong low = SeededDraw.Bits(seed, 99) + number;
        var bits = ((UInt128)(uint)now.ToUnixTimeSeconds() << 96) | ((UInt128)low << 32);
        return string.Concat(Enumerable.Range(0, 20).Select(place => Base32[(int)(bits >> (123 - (5 * place))) & 31]));
    }

    [GeneratedRegex("\"imgUrl\":\"[^\"]*/files/(?<id>\\w+)/(?<index>\\d{1,4})\\.")]
    private static partial Regex FileAddress();
}
