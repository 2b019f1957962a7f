namespace MidJourney;

/// <summary>Where a saved file's metadata goes.</summary>
[Flags]
public enum MetadataFormat
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>Beside the file, under its name with <c>.json</c> behind it.</summary>
    Json = 1,

    /// <summary>Into the file, where that is a PNG, as text chunks.</summary>
    Png = 2,

    /// <summary>Both.</summary>
    Both = Json | Png,
}
