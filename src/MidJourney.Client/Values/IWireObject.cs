namespace MidJourney;

/// <summary>A value that is an object on the wire.</summary>
internal interface IWireObject
{
    /// <summary>Its fields by their wire names, in wire order.</summary>
    IReadOnlyList<KeyValuePair<string, object?>> Fields { get; }
}
