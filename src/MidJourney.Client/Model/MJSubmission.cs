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
        if (parts.Count == 0) parts.Add(Prompt is null ? $"model {Model}" : $"prompt '{SafeText.Message(Prompt)}'");
        return string.Join(", ", parts);
    }
}

/// <summary>A value that is an object on the wire.</summary>
internal interface IWireObject
{
    /// <summary>Its fields by their wire names, in wire order.</summary>
    IReadOnlyList<KeyValuePair<string, object?>> Fields { get; }
}
