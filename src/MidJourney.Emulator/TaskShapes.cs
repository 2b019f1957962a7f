using System.Collections.Concurrent;
using System.Globalization;

namespace MidJourney.Emulator;

/// <summary>The shapes of tasks to come: the first that is set for the image, the job, the prompt or the model; else the default.</summary>
public sealed class TaskShapes
{
    private readonly ConcurrentDictionary<(Of Kind, string Name, int? ImageNo), TaskShape> _shapes = new();
    private volatile TaskShape _default = new();

    internal TaskShapes()
    {
    }

    private enum Of { Job, Prompt, Model }

    public TaskShape Default
    {
        get => _default;
        set => _default = value ?? throw new ArgumentNullException(nameof(value));
    }

    public void Set(string jobId, TaskShape shape) => Set(Of.Job, jobId, null, shape);

    public void Set(string jobId, int? imageNo, TaskShape shape) => Set(Of.Job, jobId, imageNo, shape);

    /// <summary>For tasks with exactly this <c>text</c> or <c>remixPrompt</c>.</summary>
    public void SetPrompt(string prompt, TaskShape shape) => Set(Of.Prompt, prompt, null, shape);

    public void SetModel(string model, TaskShape shape) => Set(Of.Model, model, null, shape);

    public void Clear()
    {
        _shapes.Clear();
        _default = new();
    }

    /// <summary>For <c>jobId</c> or <c>jobId:imageNo</c>.</summary>
    internal void SetNamed(string name, TaskShape shape)
    {
        int colon = name.LastIndexOf(':');
        if (colon > 0 && int.TryParse(name.AsSpan(colon + 1), CultureInfo.InvariantCulture, out int imageNo))
            Set(name[..colon], imageNo, shape);
        else
            Set(name, shape);
    }

    internal TaskShape For(JobKey key) =>
        Find(Of.Job, key.JobId, key.ImageNo) ?? Find(Of.Job, key.JobId) ?? Find(Of.Prompt, key.Prompt) ?? Find(Of.Model, key.Model) ?? _default;

    private TaskShape? Find(Of kind, string? name, int? imageNo = null) => name is null ? null : _shapes.GetValueOrDefault((kind, name, imageNo));

    private void Set(Of kind, string name, int? imageNo, TaskShape shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        _shapes[(kind, name, imageNo)] = shape;
    }
}
