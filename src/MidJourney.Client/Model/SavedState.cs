namespace MidJourney;

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
