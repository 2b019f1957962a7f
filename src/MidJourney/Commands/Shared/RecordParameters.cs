using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;
using MidJourney.Parameters;

namespace MidJourney.Commands.Shared;

/// <summary>The parameters of a cmdlet that accept pipeline input.</summary>
internal static class RecordParameters
{
    private static readonly ConcurrentDictionary<Type, RecordParameter[]> Known = new(), KnownTexts = new();

    public static IReadOnlyList<RecordParameter> Of(Type cmdlet) =>
        Known.GetOrAdd(cmdlet, c => [.. All(c).Where(p => p.Attributes.Any(a => !a.DontShow && (a.ValueFromPipelineByPropertyName || a.ValueFromPipeline)))]);

    /// <summary>All text parameters except the ids of jobs and tasks, which are checked separately.</summary>
    public static IReadOnlyList<RecordParameter> Texts(Type cmdlet) =>
        KnownTexts.GetOrAdd(cmdlet, c => [.. All(c).Where(p => p.Name is not (nameof(MJTask.JobId) or nameof(MJTask.Id)) && p.Text is not null)]);

    private static IEnumerable<RecordParameter> All(Type cmdlet) =>
        cmdlet.GetProperties().Concat<MemberInfo>(cmdlet.GetFields()).Select(m => new RecordParameter(m)).Where(p => p.Attributes.Count > 0);
}

/// <summary>A parameter: a property or a field of its cmdlet.</summary>
internal sealed class RecordParameter
{
    private readonly MemberInfo _member;

    public RecordParameter(MemberInfo member)
    {
        _member = member;
        Attributes = [.. member.GetCustomAttributes<ParameterAttribute>()];
        Text = member.GetCustomAttribute<TextArgumentAttribute>();
        Names = [.. new[] { Name }.Concat(member.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []).Concat(Text?.Names ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    public string Name => _member.Name;

    public IReadOnlyList<ParameterAttribute> Attributes { get; }

    public TextArgumentAttribute? Text { get; }

    /// <summary>The names of the properties that bind to it, its own first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether a piped string becomes the parameter's value.</summary>
    public bool IsByValue => Attributes.Any(a => a.ValueFromPipeline);

    public bool IsMandatory => Attributes.Any(a => a.Mandatory);

    public bool Binds(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    public object? GetValue(object cmdlet) => _member is FieldInfo field ? field.GetValue(cmdlet) : ((PropertyInfo)_member).GetValue(cmdlet);
}
