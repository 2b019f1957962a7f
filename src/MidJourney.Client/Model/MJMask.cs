namespace MidJourney;

/// <summary>Which part of an image is made anew (models page: <c>mask</c>): polygons on it, or a black and white image.</summary>
public sealed record MJMask : IWireObject
{
    /// <summary>The polygons; empty where an image says it, never null.</summary>
    public MJMaskArea[] Areas { get; init; } = [];

    /// <summary>The address of a black and white image, http or https; null where polygons say it.</summary>
    public string? Url { get; init; }

    IReadOnlyList<KeyValuePair<string, object?>> IWireObject.Fields => Url is null ? [new("areas", Areas)] : [new("url", Url)];

    /// <summary>The text that makes the same mask: the address, or the areas parted by semicolons.</summary>
    public override string ToString() => Url ?? string.Join("; ", Areas.Select(a => a.ToString()));
}
