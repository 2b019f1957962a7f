using System.Globalization;

namespace MidJourney;

/// <summary>The part of an image to regenerate (models page: <c>mask</c>): polygons, or a black and white image.</summary>
public sealed record MJMask : IWireObject
{
    /// <summary>The polygons; empty if the mask is an image, never null.</summary>
    public MJMaskArea[] Areas { get; init; } = [];

    /// <summary>The URL of a black and white image, http or https; null if the mask consists of polygons.</summary>
    public string? Url { get; init; }

    IReadOnlyList<KeyValuePair<string, object?>> IWireObject.Fields => Url is null ? [new("areas", Areas)] : [new("url", Url)];

    /// <summary>Text that can be converted back to the same mask: the URL, or the areas, separated by semicolons.</summary>
    public override string ToString() => Url ?? string.Join("; ", Areas.Select(a => a.ToString()));
}

/// <summary>A polygon on an image (models page: <c>mask.areas[]</c>).</summary>
public sealed record MJMaskArea : IWireObject
{
    /// <summary>The image's width: 500 to 4096 pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The image's height: 500 to 4096 pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The corners as x, y, x, y, …, in pixels from the image's upper left corner; at least 3.</summary>
    public required int[] Points { get; init; }

    IReadOnlyList<KeyValuePair<string, object?>> IWireObject.Fields => [new("width", Width), new("height", Height), new("points", Points)];

    /// <summary>For example, <c>1024x1024: 100,100,300,100,300,200</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}x{Height}: {string.Join(",", Points)}");
}

/// <summary>A size in pixels, for example of a canvas (models page: <c>canvas</c>).</summary>
public sealed record MJSize : IWireObject
{
    /// <summary>The width in pixels, above 0.</summary>
    public required int Width { get; init; }

    /// <summary>The height in pixels, above 0.</summary>
    public required int Height { get; init; }

    IReadOnlyList<KeyValuePair<string, object?>> IWireObject.Fields => [new("width", Width), new("height", Height)];

    /// <summary>For example, <c>2048x1024</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}x{Height}");
}

/// <summary>The size and position of an image on a canvas (models page: <c>imgPos</c>).</summary>
public sealed record MJImagePosition : IWireObject
{
    /// <summary>The image's width on the canvas in pixels, above 0.</summary>
    public required int Width { get; init; }

    /// <summary>The image's height on the canvas in pixels, above 0.</summary>
    public required int Height { get; init; }

    /// <summary>The distance from the canvas's left edge to the image's, in pixels; negative if the image extends beyond the canvas.</summary>
    public int X { get; init; }

    /// <summary>The distance from the canvas's upper edge to the image's, in pixels; negative if the image extends beyond the canvas.</summary>
    public int Y { get; init; }

    IReadOnlyList<KeyValuePair<string, object?>> IWireObject.Fields => [new("width", Width), new("height", Height), new("x", X), new("y", Y)];

    /// <summary>For example, <c>1024x1024+512+0</c>.</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}x{1}{2:+0;-0;+0}{3:+0;-0;+0}", Width, Height, X, Y);
}
