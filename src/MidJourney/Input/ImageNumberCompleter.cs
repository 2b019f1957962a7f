namespace MidJourney;

/// <summary>Offers the numbers of a job's images.</summary>
public sealed class ImageNumberCompleter() : ListCompleter("0", "1", "2", "3");
