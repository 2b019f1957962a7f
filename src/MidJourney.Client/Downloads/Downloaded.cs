namespace MidJourney;

/// <summary>A file that is complete.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="State">How it came to be there.</param>
public sealed record Downloaded(string Path, SavedState State)
{
    /// <summary>It was there before, and nothing was written.</summary>
    public bool WasThere => State != SavedState.Saved;
}
