namespace MidJourney;

/// <summary>How many images a task should have (contract: fewer images than asked for).</summary>
public static class TaskImages
{
    internal const int GridSize = 4;

    /// <summary>True if some of a completed task's images are missing, or not available yet.</summary>
    /// <param name="task">The task.</param>
    public static bool AreMissing(MJTask task) =>
        task is { Status: MJTaskStatus.Completed, Url: not null } && ((IsGrid(task.Model) && Urls(task).Length % GridSize != 0) || task.Output.Any(o => o.Content.Any(c => c.Url is null)));

    /// <summary>The URLs of the available images, in order.</summary>
    /// <param name="task">The task.</param>
    public static string[] Urls(MJTask task) => [.. task.Output.SelectMany(o => o.Content).Select(c => c.Url).OfType<string>()];

    /// <summary>A warning for a completed task with missing images; null if none are missing.</summary>
    /// <param name="task">The task.</param>
    public static string? Warning(MJTask task)
    {
        if (!AreMissing(task)) return null;
        var available = task.Output.SelectMany(o => o.Content).Where(c => c.Url is not null).ToArray();
        var items = task.Output.Sum(o => o.Content.Length);
        var expected = IsGrid(task.Model) ? RoundUpToGrid(Math.Max(items, 1)) : items;
        // Numbers without a gap may be positions, and images after a missing one may have moved up.
        var areGuessed = items == available.Length && available.Select((c, position) => c.ImageNo == position).All(isPosition => isPosition);
        return $"Task {SafeText.Printable(task.Id)} has {available.Length} of {expected} images, numbered {string.Join(", ", available.Select(c => c.ImageNo))}. The next step is billed for the image number that you specify."
            + (areGuessed ? " The gateway did not return the numbers, so look at the images before you continue." : "");
    }

    /// <summary>Each content item with a number that is unique within the task: its image number, continued from one output to the next.</summary>
    /// <param name="task">The task.</param>
    public static IEnumerable<(MJContent Content, int Number)> Numbered(MJTask task)
    {
        var first = 0;
        foreach (var output in task.Output)
        {
            var next = first + output.Content.Length;
            for (var position = 0; position < output.Content.Length; position++)
            {
                var number = first + (output.Content[position].ImageNo ?? position);
                next = Math.Max(next, number + 1);
                yield return (output.Content[position], number);
            }
            first = IsGrid(task.Model) ? RoundUpToGrid(next) : next;
        }
    }

    /// <summary>Whether a task has several images, or would have if none were missing.</summary>
    internal static bool MayBeSeveral(MJTask task) => IsGrid(task.Model) || Numbered(task).Any(c => c.Number > 0);

    private static int RoundUpToGrid(int count) => (count + GridSize - 1) / GridSize * GridSize;

    private static bool IsGrid(string? model) => model is ModelNames.Diffusion or ModelNames.Variation;
}

/// <summary>The models that this module treats differently.</summary>
internal static class ModelNames
{
    public const string Diffusion = "midjourney_diffusion", Variation = "midjourney_variation", Remix = "midjourney_remix", Upscale = "midjourney_upscale";

    private const string Prefix = "midjourney_";

    /// <summary>A model as users read it: <c>upscale</c>.</summary>
    public static string Short(string model) => model.StartsWith(Prefix, StringComparison.Ordinal) ? model.Substring(Prefix.Length) : model;
}
