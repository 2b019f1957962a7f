using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>JSON as plain .NET values, which PowerShell shows, serialises and takes apart without knowing JSON.</summary>
internal static class PlainJson
{
    /// <summary>An object's fields but for the named ones; empty when there are none.</summary>
    public static ReadOnlyDictionary<string, object?> Fields(JsonElement element, KeyRedactor key, params string[] except)
    {
        if (element.ValueKind != JsonValueKind.Object) return NoFields.Value;
        Dictionary<string, object?>? fields = null;
        foreach (var property in element.EnumerateObject())
        {
            if (NameOf(property) is not { } name || Array.IndexOf(except, name) >= 0) continue;
            (fields ??= [])[key.RedactNeeded(name)] = Value(property.Value, key);
        }
        return fields is null ? NoFields.Value : new(fields);
    }

    public static object? Value(JsonElement element, KeyRedactor key) => element.ValueKind switch
    {
        JsonValueKind.String => Text(element) is { } text ? SafeText.PrintableLines(key.Redact(text)) : null,
        JsonValueKind.Number => key.Redact(element.GetRawText()) is var text && text == element.GetRawText() ? Number(element) : text,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(item => Value(item, key)).ToArray(),
        JsonValueKind.Object => Fields(element, key),
        _ => null,
    };

    /// <summary>A text or a number as text; null for anything else, and for text that is not valid Unicode.</summary>
    public static string? Text(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                // A lone surrogate is valid JSON and no valid text.
                try { return element.GetString(); }
                catch (InvalidOperationException) { return null; }
            case JsonValueKind.Number:
                return element.GetRawText();
            default:
                return null;
        }
    }

    /// <summary>A number, or a text that is one; null otherwise.</summary>
    public static decimal? Decimal(JsonElement element) =>
        decimal.TryParse(Text(element), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole)) return whole;
        if (element.TryGetDecimal(out var exact)) return exact;
        // What no number can hold stays text: infinity would not even be JSON any more.
        return double.TryParse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) && !double.IsInfinity(wide) ? wide : element.GetRawText();
    }

    private static string? NameOf(JsonProperty property)
    {
        try { return SafeText.Printable(property.Name); }
        catch (InvalidOperationException) { return null; }
    }
}
