using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;

namespace MidJourney;

/// <summary>The parameters of a cmdlet that take their value from a record.</summary>
internal static class RecordParameters
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new();

    public static IReadOnlyList<PropertyInfo> Of(Type cmdlet) => Known.GetOrAdd(cmdlet, Find);

    private static PropertyInfo[] Find(Type cmdlet) =>
        [.. cmdlet.GetProperties().Where(p => p.GetCustomAttributes<ParameterAttribute>().Any(a => !a.DontShow && (a.ValueFromPipelineByPropertyName || a.ValueFromPipeline)))];
}
