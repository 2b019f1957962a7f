namespace MidJourney;

/// <summary>What a live task remembers of where it came from. Two snapshots of a task are equal whichever session read them.</summary>
/// <param name="Session">The session; null for none.</param>
internal readonly record struct TaskOwner(object? Session)
{
    /// <summary>Always true: the owner is no part of what a snapshot says.</summary>
    public bool Equals(TaskOwner other) => true;

    /// <summary>The same for all.</summary>
    public override int GetHashCode() => 0;
}
