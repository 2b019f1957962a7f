namespace MidJourney;

/// <summary>What is to be created: a model and its parameters, checked, not yet sent. Each one sent is paid.</summary>
public sealed record MJSubmission
{
    /// <summary>The gateway's model.</summary>
    public required string Model { get => Origin.Model!; init => Origin = Origin with { Model = value }; }

    /// <summary>The parameters by their wire names, in wire order; plain values (text, whole numbers, …), sizes and masks.</summary>
    public required IReadOnlyList<KeyValuePair<string, object?>> Parameters { get; init; }

    /// <summary>The job that is worked on, where the model has one.</summary>
    public string? SourceJobId { get => Origin.SourceJobId; init => Origin = Origin with { SourceJobId = value }; }

    /// <summary>Which of its images.</summary>
    public int? SourceImageNo { get => Origin.SourceImageNo; init => Origin = Origin with { SourceImageNo = value }; }

    /// <summary>For an upscale, which kind: one of the names in <see cref="MidJourney.UpscaleType"/>.</summary>
    public string? UpscaleType { get => Origin.UpscaleType; init => Origin = Origin with { UpscaleType = value }; }

    /// <summary>The text that the image is made of, where there is one.</summary>
    public string? Prompt { get => Origin.Prompt; init => Origin = Origin with { Prompt = value }; }

    /// <summary>The task that made <see cref="SourceJobId"/>, where it is known. It is written down, and never sent.</summary>
    public string? SourceTaskId { get => Origin.SourceTaskId; init => Origin = Origin with { SourceTaskId = value }; }

    /// <summary>The prompt that the source goes back to, where it is known. It is written down, and never sent.</summary>
    public string? SourcePrompt { get => Origin.SourcePrompt; init => Origin = Origin with { SourcePrompt = value }; }

    /// <summary>What is known of where it comes from, as one value; the public properties forward to it.</summary>
    internal MJOrigin Origin { get; init; } = MJOrigin.Unknown;

    /// <summary>What the user would call it: job, image and type, or else the prompt, or the model.</summary>
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
