using System.Collections.ObjectModel;

namespace MidJourney;

/// <summary>One element of a task's <c>output</c>.</summary>
public sealed class MJOutput
{
    /// <summary>Its pieces; empty, never null.</summary>
    public MJContent[] Content { get; init; } = [];

    /// <summary>Every other field of the wire's object, by its wire name.</summary>
    public ReadOnlyDictionary<string, object?> Additional { get; init; } = PlainJson.Empty;

    /// <summary>The URLs.</summary>
    public override string ToString() => string.Join(", ", Content.Select(c => c.ToString()));
}
