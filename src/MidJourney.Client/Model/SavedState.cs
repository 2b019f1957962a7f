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
