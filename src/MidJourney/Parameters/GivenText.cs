using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Security;

namespace MidJourney.Parameters;

/// <summary>Tells of a text that came through the binder, which hands on the text alone, what it was read from.</summary>
internal static class GivenText
{
    private static readonly ConditionalWeakTable<string, TextSource> Sources = new();

    /// <summary>A text that an object's property holds.</summary>
    public static string Of(string text, object source) => Remember(text, new TextSource(PSObject.AsPSObject(source), null, false));

    /// <summary>Stands for a value that is not text. It is blank, so that whoever does not ask for its source finds no text at all.</summary>
    /// <param name="source">What was given.</param>
    /// <param name="value">The value in it that is not text; null if there is none.</param>
    public static string Refused(object source, object? value) => Remember(" ", new TextSource(PSObject.AsPSObject(source), value, true));

    /// <summary>What the text was read from; null if it was given as text.</summary>
    public static TextSource? SourceOf(string? text) => text is not null && Sources.TryGetValue(text, out var source) ? source : null;

    /// <summary>A parameter's value as the user gave it, for one who corrects it. Secrets are left out.</summary>
    public static object? Given(object? value) => value switch
    {
        string text => SourceOf(text) is { IsRefused: true } given ? GivenValue.Bare(given.Value ?? "") is SecureString or PSCredential ? null : given.Value : text,
        string?[] several when several.Any(s => SourceOf(s) is { IsRefused: true }) => Array.ConvertAll(several, Given),
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

/// <param name="Source">The object.</param>
/// <param name="Value">The refused value: the object itself or its property; null if the property is empty.</param>
/// <param name="IsRefused">Whether it holds no text.</param>
internal sealed record TextSource(PSObject Source, object? Value, bool IsRefused)
{
    /// <summary>Whether the object has no property that could hold the text.</summary>
    public bool IsObject => Value is not null && ReferenceEquals(GivenValue.Bare(Value), GivenValue.Bare(Source));
}
