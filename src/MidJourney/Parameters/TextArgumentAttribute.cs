using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security;

namespace MidJourney.Parameters;

/// <summary>
/// Reads a text parameter: strings, numbers and GUIDs as they are, and from an object the property with the text. No other
/// value becomes text, because the result of an object's ToString() must never be billed.
/// </summary>
/// <remarks>
/// A refused value passes as a blank text, so that the cmdlet, not the binder, reports it: with an error id, and only for that
/// record. <see cref="TextSource"/> knows the value behind the text.
/// </remarks>
/// <param name="names">The properties that may have the text; the first one found is used.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class TextArgumentAttribute(params string[] names) : ArgumentTransformationAttribute
{
    /// <summary>The properties that may have the text; the first one found is used.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>Whether the parameter accepts several texts.</summary>
    public bool IsList { get; set; }

    /// <summary>One of the properties, if it is not used in an object that describes a task.</summary>
    public string? NotOfTask { get; set; }

    /// <summary>One more type that is accepted as text, such as Uri for an address.</summary>
    public Type? Also { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (PSValue.Unwrap(inputData) is null) return null;
        if (!IsList) return One(inputData);
        return PSValue.ListOf(inputData) is { } items ? items.SelectMany(Several).ToArray() : Several(inputData).ToArray();
    }

    private IEnumerable<string?> Several(object? value) => TextOf(value) is null && NameIn(value) is { } name && PSValue.ListOf(PSValue.Property(value, name)) is { } items
        ? items.Select(item => PSValue.Unwrap(item) is null ? null : TextOf(item) ?? TextSource.Refuse(value!, item))
        : [One(value)];

    private string? One(object? value)
    {
        if (PSValue.Unwrap(value) is null) return null;
        if (TextOf(value) is { } text) return text;
        if (NameIn(value) is not { } name) return TextSource.Refuse(value!, value);
        var held = PSValue.Property(value, name);
        if (PSValue.IsBlank(held)) return TextSource.Refuse(value!, null);
        return TextOf(held) is { } own ? TextSource.Remember(own, value!) : TextSource.Refuse(value!, held);
    }

    private string? NameIn(object? value)
    {
        string? blank = null;
        foreach (var name in Names)
        {
            if (!PSValue.HasProperty(value, name) || (name == NotOfTask && TaskSnapshot.IsOfTask(value))) continue;
            if (!PSValue.IsBlank(PSValue.Property(value, name))) return name;
            blank ??= name;
        }
        return blank;
    }

    private string? TextOf(object? value) => PSValue.Unwrap(value) switch
    {
        string text => text,
        Uri address when Also == typeof(Uri) => address.OriginalString,
        Enum name when Also == typeof(Enum) => name.ToString(),
        Enum => null,
        // PowerShell's conversion keeps a number as it was typed: 007, 1e3.
        char or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal or BigInteger or Guid =>
            (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.InvariantCulture),
        _ => null,
    };
}

/// <summary>The source of a text. The binder passes only the text, so the source is found by the instance of the string.</summary>
/// <param name="Source">The object.</param>
/// <param name="Value">The refused value: the object itself or its property; null if the property is empty.</param>
/// <param name="IsRefused">Whether the value is not text.</param>
internal sealed record TextSource(PSObject Source, object? Value, bool IsRefused)
{
    private static readonly ConditionalWeakTable<string, TextSource> Sources = new();

    /// <summary>Whether the object has none of the properties.</summary>
    public bool IsObject => Value is not null && ReferenceEquals(PSValue.Unwrap(Value), PSValue.Unwrap(Source));

    /// <summary>The source of a text; null if the text itself was specified.</summary>
    public static TextSource? Of(string? text) => text is not null && Sources.TryGetValue(text, out var source) ? source : null;

    /// <summary>A text from a property of an object.</summary>
    public static string Remember(string text, object source) => Remember(text, new TextSource(PSObject.AsPSObject(source), null, false));

    /// <summary>A blank placeholder for a value that is not text.</summary>
    public static string Refuse(object source, object? value) => Remember(" ", new TextSource(PSObject.AsPSObject(source), value, true));

    /// <summary>A parameter's value as the user specified it, without secrets.</summary>
    public static object? Original(object? value) => value switch
    {
        string text => Of(text) is { IsRefused: true } given ? PSValue.Unwrap(given.Value ?? "") is SecureString or PSCredential ? null : given.Value : text,
        string?[] several when several.Any(s => Of(s) is { IsRefused: true }) => Array.ConvertAll(several, Original),
        _ => value,
    };

    // Each gets its own instance, because the same text may come from many objects.
    private static string Remember(string text, TextSource source)
    {
        var own = new string(text.ToCharArray());
        Sources.Add(own, source);
        return own;
    }
}
