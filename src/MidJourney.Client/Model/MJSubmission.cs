namespace MidJourney;

/// <summary>A task to create: a model and its validated parameters. Every one that is sent is billed.</summary>
public sealed record MJSubmission
{
    /// <summary>The gateway's model.</summary>
    public required string Model { get => Origin.Model!; init => Origin = Origin with { Model = value }; }

    /// <summary>The parameters by their wire names, in wire order; plain values (text, whole numbers, …), sizes and masks.</summary>
    public required IReadOnlyList<KeyValuePair<string, object?>> Parameters { get; init; }

    /// <summary>The job whose image is edited, if the model takes one.</summary>
    public string? SourceJobId { get => Origin.SourceJobId; init => Origin = Origin with { SourceJobId = value }; }

    /// <summary>Which of its images, 0 to 3.</summary>
    public int? SourceImageNo { get => Origin.SourceImageNo; init => Origin = Origin with { SourceImageNo = value }; }

    /// <summary>For an upscale, which kind: one of the names in <see cref="MidJourney.UpscaleType"/>.</summary>
    public string? UpscaleType { get => Origin.UpscaleType; init => Origin = Origin with { UpscaleType = value }; }

    /// <summary>The prompt, if there is one.</summary>
    public string? Prompt { get => Origin.Prompt; init => Origin = Origin with { Prompt = value }; }

    /// <summary>What the task would make, in a few words, like <see cref="MJTask.Description"/>.</summary>
    public string? Description => Origin.Description;

    /// <summary>The task that made <see cref="SourceJobId"/>, if it is known. It goes into the journal and is never sent.</summary>
    public string? SourceTaskId { get => Origin.SourceTaskId; init => Origin = Origin with { SourceTaskId = value }; }

    /// <summary>The first prompt in the source's history, if it is known. It goes into the journal and is never sent.</summary>
    public string? SourcePrompt { get => Origin.SourcePrompt; init => Origin = Origin with { SourcePrompt = value }; }

    /// <summary>What the task is made from, as one value; the public properties forward to it.</summary>
    internal MJOrigin Origin { get; init; } = MJOrigin.Unknown;

    /// <summary>A name for messages: the job, image and type, otherwise the prompt, otherwise the model.</summary>
    public override string ToString()
    {
        var parts = new List<string>(4);
        if (SourceJobId is not null) parts.Add($"job {SafeText.Printable(SourceJobId)}");
        if (SourceImageNo is { } image) parts.Add(FormattableString.Invariant($"image {image}"));
        if (UpscaleType is { } type) parts.Add($"type {type}");
        if (parts.Count == 0) parts.Add(Prompt is null ? $"model {Model}" : $"prompt '{SafeText.Prompt(Prompt)}'");
        return string.Join(", ", parts);
    }
}

/// <summary>A value that is an object on the wire.</summary>
internal interface IWireObject
{
    /// <summary>Its fields by their wire names, in wire order.</summary>
    IReadOnlyList<KeyValuePair<string, object?>> Fields { get; }
}

/// <summary>
/// Counts the prompts that MidJourney makes of one text: each <c>{a,b}</c> is replaced by each of its choices, and groups multiply and may nest. A backslash
/// escapes a character; an unmatched brace is ordinary text. Each prompt is billed.
/// </summary>
public static class PromptPermutations
{
    /// <summary>1 if the text has no choices; at most <see cref="int.MaxValue"/>.</summary>
    /// <param name="text">The prompt.</param>
    public static int Count(string text) => (int)Math.Min(int.MaxValue, CountList(text, 0, text.Length, isGroup: false));

    /// <summary>The number of choices in a part of the text: the product of its groups; in a group, the sum over its comma-separated choices.</summary>
    private static double CountList(string text, int from, int to, bool isGroup)
    {
        double sum = 0, product = 1;
        for (int i = from; i < to; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '{' && FindEnd(text, i, to) is > 0 and var end)
            {
                product *= CountList(text, i + 1, end, isGroup: true);
                i = end;
            }
            else if (isGroup && text[i] == ',')
            {
                sum += product;
                product = 1;
            }
        }
        return sum + product;
    }

    /// <summary>The end of the group that begins at the brace; -1 if it has none.</summary>
    private static int FindEnd(string text, int open, int to)
    {
        var depth = 0;
        for (int i = open; i < to; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
        }
        return -1;
    }
}
