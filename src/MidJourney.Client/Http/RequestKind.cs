namespace MidJourney;

/// <summary>What a request does, which decides whether it may be repeated.</summary>
public enum RequestKind
{
    /// <summary>Makes a task, and costs money.</summary>
    Create,

    /// <summary>Reads a task.</summary>
    Read,
}
