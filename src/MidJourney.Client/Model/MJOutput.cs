using System.Collections.ObjectModel;

namespace MidJourney;

/// <summary>One element of a task's <c>output</c>.</summary>
public sealed class MJOutput
{
    /// <summary>Its pieces; empty, never null.</summary>
    public MJContent[] Content { get; init; } = [];

    /// <summary>Every other field of the wire's object, by its wire name.</summary>
    public ReadOnlyDictionary<string, object?> Additional { get; init; } = NoFields.Value;

    /// <summary>The URLs.</summary>
    public override string ToString() => string.Join(", ", Content.Select(c => c.ToString()));
}

/// <summary>One image or other piece of a task's output.</summary>
public sealed class MJContent
{
    /// <summary><c>image</c>, <c>video</c>, …</summary>
    public string? Type { get; init; }

    /// <summary>Where it can be downloaded, without the API key.</summary>
    public string? Url { get; init; }

    /// <summary>The MidJourney job behind it, for further editing.</summary>
    public string? JobId { get; init; }

    /// <summary>
    /// Which image of its job it is, from 0, as the next step takes it: as the gateway says, else by the file name, else by the place in the list. Null where nothing
    /// is known of that.
    /// </summary>
    public int? ImageNo { get; init; }

    /// <summary>Every other field of the wire's object, by its wire name.</summary>
    public ReadOnlyDictionary<string, object?> Additional { get; init; } = NoFields.Value;

    /// <summary>The URL.</summary>
    public override string ToString() => Url ?? Type ?? "";
}

/// <summary>What a task cost (contract: <c>usage</c>, present once completed).</summary>
public sealed class MJUsage
{
    /// <summary>In <see cref="Currency"/>; null if the gateway gave none, or something that is not a price, such as a negative number.</summary>
    public decimal? Cost { get; init; }

    /// <summary><c>USD</c> unless the gateway names another currency, such as <c>credit</c>.</summary>
    public string Currency { get; init; } = Money.Usd;

    /// <summary>As the gateway reports it; null when absent or not a number.</summary>
    public decimal? Discount { get; init; }

    /// <summary>Billed units; null when absent or not a number.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>In <see cref="Currency"/>, per unit; null when absent or not a number.</summary>
    public decimal? UnitPrice { get; init; }

    /// <summary>Every other field of the wire's object, by its wire name.</summary>
    public ReadOnlyDictionary<string, object?> Additional { get; init; } = NoFields.Value;

    /// <summary>The cost.</summary>
    public override string ToString() => Cost is { } cost ? FormattableString.Invariant($"{cost} {Currency}") : "no cost given";
}

/// <summary>What a wire object without further fields has.</summary>
internal static class NoFields
{
    public static readonly ReadOnlyDictionary<string, object?> Value = new(new Dictionary<string, object?>());
}

/// <summary>What was done to save a file.</summary>
public enum SavedState
{
    /// <summary>It was downloaded.</summary>
    Saved,

    /// <summary>A file with the same content already existed; nothing was written.</summary>
    AlreadyThere,

    /// <summary>A complete image with that name already existed, but could not be compared, because the URL no longer works.</summary>
    NotVerified,
}

/// <summary>Where a saved file's metadata is written.</summary>
[Flags]
public enum MetadataFormat
{
    /// <summary>No metadata.</summary>
    None = 0,

    /// <summary>Beside the file, in a file of the same name with <c>.json</c> appended.</summary>
    Json = 1,

    /// <summary>In the file, as text chunks, if it is a PNG.</summary>
    Png = 2,

    /// <summary>Both.</summary>
    Both = Json | Png,
}
