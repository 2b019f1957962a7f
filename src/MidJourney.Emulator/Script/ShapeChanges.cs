namespace MidJourney.Emulator;

/// <summary>Shapes to set.</summary>
public sealed record ShapeChanges
{
    public TaskShape? Default { get; init; }

    /// <summary>By <c>jobId</c> or <c>jobId:imageNo</c>.</summary>
    public IReadOnlyDictionary<string, TaskShape>? Jobs { get; init; }

    /// <summary>By model.</summary>
    public IReadOnlyDictionary<string, TaskShape>? Models { get; init; }

    /// <summary>By the whole text or remix prompt.</summary>
    public IReadOnlyDictionary<string, TaskShape>? Prompts { get; init; }

    internal void ApplyTo(TaskShapes shapes)
    {
        shapes.Default = Default ?? shapes.Default;
        foreach (var (model, shape) in Models ?? new Dictionary<string, TaskShape>())
            shapes.SetModel(model, shape);
        foreach (var (prompt, shape) in Prompts ?? new Dictionary<string, TaskShape>())
            shapes.SetPrompt(prompt, shape);
        foreach (var (job, shape) in Jobs ?? new Dictionary<string, TaskShape>())
            shapes.SetNamed(job, shape);
    }
}
