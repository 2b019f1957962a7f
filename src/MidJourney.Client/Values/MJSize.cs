namespace MidJourney;

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
