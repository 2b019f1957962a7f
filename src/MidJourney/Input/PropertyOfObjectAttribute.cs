using System.Collections;
using System.Management.Automation;

namespace MidJourney;

/// <summary>Where an object is given for a text, takes the property that holds it, instead of what the object looks like as text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PropertyOfObjectAttribute(params string[] names) : ArgumentTransformationAttribute
{
    /// <summary>The properties that may hold it, the first one found.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData switch
    {
        PSObject { BaseObject: IList list } => list.Cast<object?>().Select(One).ToArray(),
        IList list => list.Cast<object?>().Select(One).ToArray(),
        _ => One(inputData),
    };

    private object? One(object? value)
    {
        var inner = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (inner is null or string or ValueType) return value;
        if (inner is IDictionary fields) return Names.Select(n => fields[n]).FirstOrDefault(v => v is not null);
        var properties = PSObject.AsPSObject(value!).Properties;
        return Names.Select(n => properties[n]).FirstOrDefault(p => p is not null)?.Value;
    }
}
