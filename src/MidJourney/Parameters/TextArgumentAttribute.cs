using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;

namespace MidJourney.Parameters;

/// <summary>
/// Reads a text parameter: strings, numbers and GUIDs as they are, and from an object the property that holds the text. No other
/// value becomes text, because nobody should pay for what ToString makes of an object.
/// </summary>
/// <remarks>
/// A refused value passes as a blank text, so that the cmdlet, and not the binder, reports it: with an error ID, and for that record
/// alone. <see cref="GivenText"/> knows what such a text stands for.
/// </remarks>
/// <param name="names">The properties that may hold the text, the first one found.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextArgumentAttribute(params string[] names) : ArgumentTransformationAttribute
{
    /// <summary>The properties that may hold the text, the first one found.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>Whether the parameter takes several texts.</summary>
    public bool IsList { get; set; }

    /// <summary>One more type that is as good as text here, such as Uri for an address.</summary>
    public Type? Also { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (GivenValue.Bare(inputData) is null) return null;
        if (!IsList) return One(inputData);
        return Items(inputData) is { } items ? items.SelectMany(Several).ToArray() : Several(inputData).ToArray();
    }

    private IEnumerable<string?> Several(object? value)
    {
        if (value is null || GivenValue.Bare(value) is null || TextOf(value) is not null || Items(Property(value, out _)) is not { } items) return [One(value)];
        return items.Select(item => item is null || GivenValue.Bare(item) is null ? null : TextOf(item) ?? GivenText.Refused(value, item));
    }

    private string? One(object? value)
    {
        if (value is null || GivenValue.Bare(value) is null) return null;
        if (TextOf(value) is { } text) return text;
        var held = Property(value, out var isThere);
        if (!isThere) return GivenText.Refused(value, value);
        if (held is null || GivenValue.IsNothing(held)) return GivenText.Refused(value, null);
        return TextOf(held) is { } own ? GivenText.Of(own, value) : GivenText.Refused(value, held);
    }

    private object? Property(object value, out bool isThere)
    {
        var source = PSObject.AsPSObject(value);
        var name = Names.FirstOrDefault(n => GivenValue.Field(source, n) is not null) ?? Names.FirstOrDefault(n => GivenValue.HasField(source, n));
        isThere = name is not null;
        return name is null ? null : GivenValue.Field(source, name);
    }

    private string? TextOf(object value) => GivenValue.Bare(value) switch
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

    private static IEnumerable<object?>? Items(object? value) => LanguagePrimitives.GetEnumerable(value) is IEnumerable list ? list.Cast<object?>() : null;
}
