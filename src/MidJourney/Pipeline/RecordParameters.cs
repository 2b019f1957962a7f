using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;

namespace MidJourney;

/// <summary>The parameters of a cmdlet that take their value from a record.</summary>
internal static class RecordParameters
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new(), KnownTexts = new();

    public static IReadOnlyList<PropertyInfo> Of(Type cmdlet) => Known.GetOrAdd(cmdlet, Find);

    /// <summary>All that take text, from a record or not, but for the IDs of jobs and tasks, each of which is checked by itself.</summary>
    public static IReadOnlyList<PropertyInfo> Texts(Type cmdlet) =>
        KnownTexts.GetOrAdd(cmdlet, c => [.. c.GetProperties().Where(p => p.Name is not (nameof(MJTask.JobId) or nameof(MJTask.Id)) && p.GetCustomAttribute<TextArgumentAttribute>() is not null)]);

    /// <summary>Whether a text that is piped in is the parameter's value.</summary>
    public static bool IsByValue(PropertyInfo parameter) => parameter.GetCustomAttributes<ParameterAttribute>().Any(a => a.ValueFromPipeline);

    private static PropertyInfo[] Find(Type cmdlet) =>
        [.. cmdlet.GetProperties().Where(p => p.GetCustomAttributes<ParameterAttribute>().Any(a => !a.DontShow && (a.ValueFromPipelineByPropertyName || a.ValueFromPipeline)))];
}
