namespace MidJourney;

/// <summary>How many images a task should have (contract: fewer images than asked for).</summary>
public static class TaskImages
{
    /// <summary>Of a grid, and of a job.</summary>
    private const int OfGrid = 4;

    /// <summary>Whether some of a completed task's images are not there, or not yet.</summary>
    /// <param name="task">As it was seen.</param>
    public static bool AreMissing(MJTask task) =>
        task is { Status: MJTaskStatus.Completed, Url: not null } && ((IsGrid(task.Model) && Urls(task).Length % OfGrid != 0) || task.Output.Any(o => o.Content.Any(c => c.Url is null)));

    /// <summary>The addresses that are there, in their order.</summary>
    /// <param name="task">As it was seen.</param>
    public static string[] Urls(MJTask task) => [.. task.Output.SelectMany(o => o.Content).Select(c => c.Url).OfType<string>()];

    /// <summary>What to say of a completed task whose images are not all there; null where they are.</summary>
    /// <param name="task">As it was seen.</param>
    public static string? Warning(MJTask task)
    {
        if (!AreMissing(task)) return null;
        var there = task.Output.SelectMany(o => o.Content).Where(c => c.Url is not null).ToArray();
        var places = task.Output.Sum(o => o.Content.Length);
        var expected = IsGrid(task.Model) ? (Math.Max(places, 1) + OfGrid - 1) / OfGrid * OfGrid : places;
        // Numbers without a gap may be places that have moved up.
        var areGuessed = places == there.Length && there.Select((c, place) => c.ImageNo == place).All(isPlace => isPlace);
        return $"Task {SafeText.Printable(task.Id)} has {there.Length} of {expected} images, numbered {string.Join(", ", there.Select(c => c.ImageNo))}. The next step is billed for the image number that you specify."
            + (areGuessed ? " The gateway did not return the numbers, so look at the images before you continue." : "");
    }

    /// <summary>Each piece with a number that no other of the task has: that of its image, counted on from one output to the next.</summary>
    /// <param name="task">As it was seen.</param>
    public static IEnumerable<(MJContent Content, int Number)> Numbered(MJTask task)
    {
        var first = 0;
        foreach (var output in task.Output)
        {
            var next = first + output.Content.Length;
            for (var place = 0; place < output.Content.Length; place++)
            {
                var number = first + (output.Content[place].ImageNo ?? place);
                next = Math.Max(next, number + 1);
                yield return (output.Content[place], number);
            }
            first = IsGrid(task.Model) ? (next + OfGrid - 1) / OfGrid * OfGrid : next;
        }
    }

    private static bool IsGrid(string? model) => model is ModelNames.Diffusion or ModelNames.Variation;
}

/// <summary>The models that are treated in a way of their own.</summary>
internal static class ModelNames
{
    public const string Diffusion = "midjourney_diffusion", Variation = "midjourney_variation", Upscale = "midjourney_upscale";
}
