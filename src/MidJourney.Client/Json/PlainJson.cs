using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>JSON as plain .NET values, which PowerShell can format and serialize.</summary>
internal static class PlainJson
{
    /// <summary>An object's fields, except for the named ones.</summary>
    public static ReadOnlyDictionary<string, object?> Fields(JsonElement element, KeyRedactor key, params string[] except)
    {
        if (element.ValueKind != JsonValueKind.Object) return NoFields.Value;
        var fields = new Dictionary<string, object?>();
        foreach (var property in element.EnumerateObject())
            if (NameOf(property) is { } name && !except.Contains(name)) fields[key.RedactFunctional(name)] = Value(property.Value, key);
        return fields.Count == 0 ? NoFields.Value : new(fields);
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

    /// <summary>A string or a number as text; null for anything else, and for a string that is not valid Unicode.</summary>
    public static string? Text(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number) return element.GetRawText();
        // A lone surrogate is valid JSON, but not valid text.
        try { return element.ValueKind == JsonValueKind.String ? element.GetString() : null; }
        catch (InvalidOperationException) { return null; }
    }

    /// <summary>A number, or a string that contains one; null otherwise.</summary>
    public static decimal? Decimal(JsonElement element) =>
        decimal.TryParse(Text(element), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole)) return whole;
        if (element.TryGetDecimal(out var exact)) return exact;
        // A number that no type can hold stays text, because JSON has no infinity.
        return double.TryParse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) && !double.IsInfinity(wide) ? wide : element.GetRawText();
    }

    private static string? NameOf(JsonProperty property)
    {
        try { return SafeText.Printable(property.Name); }
        catch (InvalidOperationException) { return null; }
    }
}
