namespace MidJourney.Emulator;

/// <summary>Shapes to set.</summary>
public sealed record ShapeChanges
{
    public TaskShape? Default { get; init; }

    /// <summary>By <c>jobId</c> or <c>jobId:imageNo</c>.</summary>
    public IReadOnlyDictionary<string, TaskShape>? Jobs { get; init; }

    internal void ApplyTo(TaskShapes shapes)
    {
        shapes.Default = Default ?? shapes.Default;
        foreach (var (job, shape) in Jobs ?? new Dictionary<string, TaskShape>())
            shapes.SetNamed(job, shape);
    }
}
