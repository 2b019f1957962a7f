using System.Collections.Concurrent;

namespace MidJourney.Emulator;

/// <summary>Which shape a new task gets: its job's and image's, else its job's, else the default.</summary>
public sealed class TaskShapes
{
    private readonly ConcurrentDictionary<(string JobId, int? ImageNo), TaskShape> _shapes = new();
    private volatile TaskShape _default = new();
    private volatile bool _any;

    internal TaskShapes()
    {
    }

    public TaskShape Default
    {
        get => _default;
        set => _default = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Sets the shape of a job's coming tasks.</summary>
    public void Set(string jobId, TaskShape shape) => Set(jobId, null, shape);

    /// <summary>Sets the shape of the coming tasks for one image of a job.</summary>
    public void Set(string jobId, int? imageNo, TaskShape shape)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        ArgumentNullException.ThrowIfNull(shape);
        _shapes[(jobId, imageNo)] = shape;
        _any = true;
    }

    /// <summary>Sets the shape of <c>jobId</c> or <c>jobId:imageNo</c>.</summary>
    internal void SetNamed(string name, TaskShape shape)
    {
        int colon = name.LastIndexOf(':');
        if (colon > 0 && int.TryParse(name.AsSpan(colon + 1), out int imageNo))
            Set(name[..colon], imageNo, shape);
        else
            Set(name, shape);
    }

    public void Clear()
    {
        _shapes.Clear();
        _any = false;
        _default = new();
    }

    internal TaskShape For(in JobKey key)
    {
        if (!_any || key.JobId is not { } job)
            return _default;
        return _shapes.TryGetValue((job, key.ImageNo), out var shape) || _shapes.TryGetValue((job, null), out shape)
            ? shape
            : _default;
    }
}
