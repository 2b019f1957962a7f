using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security;

namespace MidJourney.Parameters;

/// <summary>
/// Reads a text parameter: strings, numbers and GUIDs as they are, and from an object the property that holds the text. No other
/// value becomes text, because nobody should pay for the result of an object's ToString().
/// </summary>
/// <remarks>
/// A refused value passes as a blank text, so that the cmdlet, and not the binder, reports it: with an error ID, and for that record
/// alone. <see cref="TextSource"/> knows what that text stands for.
/// </remarks>
/// <param name="names">The properties that may hold the text; the first one found is used.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextArgumentAttribute(params string[] names) : ArgumentTransformationAttribute
{
    /// <summary>The properties that may hold the text; the first one found is used.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>Whether the parameter takes several texts.</summary>
    public bool IsList { get; set; }

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

    private string? NameIn(object? value) => Names.FirstOrDefault(n => PSValue.Property(value, n) is not null) ?? Names.FirstOrDefault(n => PSValue.HasProperty(value, n));

    private string? TextOf(object? value) => PSValue.Unwrap(value) switch
    {
        string text => text,
        Uri address when Also == typeof(Uri) => address.OriginalString,
        Enum name when Also == typeof(Enum) => name.ToString(),
        Enum => null,
        // As PowerShell does it, which keeps a number as it was typed: 007, 1e3.
        char or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal or BigInteger or Guid =>
            (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.InvariantCulture),
        _ => null,
    };
}

/// <summary>What a text parameter was read from. The binder passes on the text alone, so the source is looked up by the instance of the text.</summary>
/// <param name="Source">The object.</param>
/// <param name="Value">The refused value: the object itself or its property; null if the property is empty.</param>
/// <param name="IsRefused">Whether it holds no text.</param>
internal sealed record TextSource(PSObject Source, object? Value, bool IsRefused)
{
    private static readonly ConditionalWeakTable<string, TextSource> Sources = new();

    /// <summary>Whether the object has no property that could hold the text.</summary>
    public bool IsObject => Value is not null && ReferenceEquals(PSValue.Unwrap(Value), PSValue.Unwrap(Source));

    /// <summary>What the text was read from; null if it was given as text.</summary>
    public static TextSource? Of(string? text) => text is not null && Sources.TryGetValue(text, out var source) ? source : null;

    /// <summary>A text that an object's property holds.</summary>
    public static string Remember(string text, object source) => Remember(text, new TextSource(PSObject.AsPSObject(source), null, false));

    /// <summary>Stands for a value that is not text. It is blank, so that code that does not ask for its source finds no text at all.</summary>
    /// <param name="source">What was given.</param>
    /// <param name="value">The value in it that is not text; null if there is none.</param>
    public static string Refuse(object source, object? value) => Remember(" ", new TextSource(PSObject.AsPSObject(source), value, true));

    /// <summary>A parameter's value as the user gave it, to be corrected. Secrets are left out.</summary>
    public static object? Original(object? value) => value switch
    {
        string text => Of(text) is { IsRefused: true } given ? PSValue.Unwrap(given.Value ?? "") is SecureString or PSCredential ? null : given.Value : text,
        string?[] several when several.Any(s => Of(s) is { IsRefused: true }) => Array.ConvertAll(several, Original),
        _ => value,
    };

    // Each has its own instance, because the same text may come from many objects.
    private static string Remember(string text, TextSource source)
    {
        var own = new string(text.ToCharArray());
        Sources.Add(own, source);
        return own;
    }
}
