namespace MidJourney;

/// <summary>What is to be created: a model and its parameters, checked, not yet sent. Each one sent is paid.</summary>
public sealed record MJSubmission
{
    /// <summary>The gateway's model.</summary>
    public required string Model { get; init; }

    /// <summary>The parameters by their wire names, in wire order; plain values (text, whole numbers, …), sizes and masks.</summary>
    public required IReadOnlyList<KeyValuePair<string, object?>> Parameters { get; init; }

    /// <summary>The job that is worked on, where the model has one.</summary>
    public string? SourceJobId { get; init; }

    /// <summary>Which of its images.</summary>
    public int? SourceImageNo { get; init; }

    /// <summary>For an upscale, which kind: one of the names in <see cref="MidJourney.UpscaleType"/>.</summary>
    public string? UpscaleType { get; init; }

    /// <summary>The text that the image is made of, where there is one.</summary>
    public string? Prompt { get; init; }

    /// <summary>The task that made <see cref="SourceJobId"/>, where it is known. It is written down, and never sent.</summary>
    public string? SourceTaskId { get; init; }

    /// <summary>The prompt that the source goes back to, where it is known. It is written down, and never sent.</summary>
    public string? SourcePrompt { get; init; }

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
