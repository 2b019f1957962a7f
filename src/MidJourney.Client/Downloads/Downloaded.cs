namespace MidJourney;

/// <summary>A file that is complete.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="WasThere">It was complete before, and nothing was written.</param>
public sealed record Downloaded(string Path, bool WasThere);
