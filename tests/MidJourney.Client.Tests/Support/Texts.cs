using System.Collections;

namespace MidJourney.Client.Tests;

/// <summary>Every string in an object at any depth, as if all its properties were dumped.</summary>
internal static class Texts
{
    public static IEnumerable<string> Of(object? thing) => thing switch
    {
        null => [],
        string text => [text],
        KeyValuePair<string, object?> field => Of(field.Value).Append(field.Key),
        IEnumerable items => items.Cast<object?>().SelectMany(Of),
        _ when thing.GetType().Namespace != nameof(MidJourney) || thing is Enum => [thing.ToString() ?? ""],
        _ => thing.GetType().GetProperties().SelectMany(p => Of(p.GetValue(thing))).Append(thing.ToString() ?? ""),
    };
}
