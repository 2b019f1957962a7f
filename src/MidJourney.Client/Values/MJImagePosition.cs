using System.Globalization;

namespace MidJourney;

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
