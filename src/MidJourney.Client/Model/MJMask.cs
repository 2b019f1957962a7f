using System.Globalization;

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

/// <summary>A size in pixels, of a canvas for example (models page: <c>canvas</c>).</summary>
public sealed record MJSize : IWireObject
{
    /// <summary>Pixels, above 0.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels, above 0.</summary>
    public required int Height { get; init; }

    IReadOnlyList<KeyValuePair<string, object?>> IWireObject.Fields => [new("width", Width), new("height", Height)];

    /// <summary>As in <c>2048x1024</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}x{Height}");
}

/// <summary>How large an image is on a canvas, and where it stands there (models page: <c>imgPos</c>).</summary>
public sealed record MJImagePosition : IWireObject
{
    /// <summary>The image's width on the canvas: pixels, above 0.</summary>
    public required int Width { get; init; }

    /// <summary>The image's height on the canvas: pixels, above 0.</summary>
    public required int Height { get; init; }

    /// <summary>From the canvas's left edge to the image's, in pixels; below 0 where the image reaches beyond.</summary>
    public int X { get; init; }

    /// <summary>From the canvas's upper edge to the image's, in pixels; below 0 where the image reaches beyond.</summary>
    public int Y { get; init; }

    IReadOnlyList<KeyValuePair<string, object?>> IWireObject.Fields => [new("width", Width), new("height", Height), new("x", X), new("y", Y)];

    /// <summary>As in <c>1024x1024+512+0</c>.</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}x{1}{2:+0;-0;+0}{3:+0;-0;+0}", Width, Height, X, Y);
}
