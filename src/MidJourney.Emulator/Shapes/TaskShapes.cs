using System.Collections.Concurrent;

namespace MidJourney.Emulator;

/// <summary>Which shape a new task gets: its job's and image's, else its job's, its prompt's, its model's, else the default.</summary>
public sealed class TaskShapes
{
    private readonly ConcurrentDictionary<(string JobId, int? ImageNo), TaskShape> _shapes = new();
    private readonly ConcurrentDictionary<string, TaskShape> _prompts = new();
    private readonly ConcurrentDictionary<string, TaskShape> _models = new();
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

    /// <summary>Sets the shape of the coming tasks with this whole text or remix prompt.</summary>
    public void SetPrompt(string prompt, TaskShape shape) => Set(_prompts, prompt, shape);

    /// <summary>Sets the shape of a model's coming tasks.</summary>
    public void SetModel(string model, TaskShape shape) => Set(_models, model, shape);

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
        _prompts.Clear();
        _models.Clear();
        _any = false;
        _default = new();
    }

    internal TaskShape For(in JobKey key) =>
        _any ? OfJob(key) ?? Of(_prompts, key.Prompt) ?? Of(_models, key.Model) ?? _default : _default;

    private TaskShape? OfJob(in JobKey key)
    {
        if (key.JobId is not { } job)
            return null;
        return _shapes.TryGetValue((job, key.ImageNo), out var shape) || _shapes.TryGetValue((job, null), out shape) ? shape : null;
    }

    private static TaskShape? Of(ConcurrentDictionary<string, TaskShape> shapes, string? name) =>
        name is not null && shapes.TryGetValue(name, out var shape) ? shape : null;

    private void Set(ConcurrentDictionary<string, TaskShape> shapes, string name, TaskShape shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        shapes[name] = shape;
        _any = true;
    }
}
