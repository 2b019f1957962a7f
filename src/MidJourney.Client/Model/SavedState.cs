namespace MidJourney;

/// <summary>How a file came to be there.</summary>
public enum SavedState
{
    /// <summary>It was downloaded now.</summary>
    Saved,

    /// <summary>The same bytes were there before; nothing was written.</summary>
    AlreadyThere,

    /// <summary>A whole image of that name was there before; the image at its address is gone, so the two could not be compared.</summary>
    NotVerified,
}

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
