namespace MidJourney;

/// <summary>A polygon on an image (models page: <c>mask.areas[]</c>).</summary>
public sealed record MJMaskArea : IWireObject
{
    /// <summary>The image's width: 500 to 4096 pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The image's height: 500 to 4096 pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The corners, x and y of each in turn, in pixels from the image's upper left corner; at least 3.</summary>
    public required int[] Points { get; init; }

    IReadOnlyList<KeyValuePair<string, object?>> IWireObject.Fields => [new("width", Width), new("height", Height), new("points", Points)];

    /// <summary>As in <c>1024x1024: 100,100,300,100,300,200</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}x{Height}: {string.Join(",", Points)}");
}
