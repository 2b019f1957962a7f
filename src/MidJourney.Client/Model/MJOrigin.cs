namespace MidJourney;

/// <summary>What a task is made from. Only its submitter knows this; the gateway's answers repeat the model at most.</summary>
internal sealed record MJOrigin
{
    public static readonly MJOrigin Unknown = new();

    public string? Model { get; init; }

    public string? SourceJobId { get; init; }

    public int? SourceImageNo { get; init; }

    public string? UpscaleType { get; init; }

    public string? Prompt { get; init; }

    public string? SourceTaskId { get; init; }

    public string? SourcePrompt { get; init; }

    /// <summary>The prompt that the image goes back to: the source's if there is one, otherwise its own.</summary>
    public string? RootPrompt => SourcePrompt ?? Prompt;

    /// <summary>The work in a few words, the part that differs among similar tasks first; null if nothing is known.</summary>
    public string? Description
    {
        get
        {
            // A prompt alone says that a grid is made of it.
            var kind = UpscaleType ?? (Model is null || (Model == ModelNames.Diffusion && Prompt is not null) ? null : ModelNames.Short(Model));
            var image = SourceImageNo is { } number ? FormattableString.Invariant($"image {number}") : null;
            var what = string.Join(" ", new[] { image, kind }.OfType<string>());
            var from = Prompt ?? SourcePrompt ?? (SourceJobId is null ? null : $"job {SourceJobId}");
            var text = string.Join(": ", new[] { what, from }.Where(part => !string.IsNullOrEmpty(part)));
            return text.Length == 0 ? null : SafeText.Message(text);
        }
    }

    /// <summary>This origin, with what is missing taken from another.</summary>
    public MJOrigin Or(MJOrigin other) => new()
    {
        Model = Model ?? other.Model,
        SourceJobId = SourceJobId ?? other.SourceJobId,
        SourceImageNo = SourceImageNo ?? other.SourceImageNo,
        UpscaleType = UpscaleType ?? other.UpscaleType,
        Prompt = Prompt ?? other.Prompt,
        SourceTaskId = SourceTaskId ?? other.SourceTaskId,
        SourcePrompt = SourcePrompt ?? other.SourcePrompt,
    };

    /// <summary>The origin as it may be shown, should the key have been pasted into it by mistake.</summary>
    public MJOrigin Redacted(Func<string, string> redact)
    {
        return this with { Model = Safe(Model), SourceJobId = Safe(SourceJobId), Prompt = Safe(Prompt), SourceTaskId = Safe(SourceTaskId), SourcePrompt = Safe(SourcePrompt) };

        string? Safe(string? text) => text is null ? null : redact(text);
    }
}
