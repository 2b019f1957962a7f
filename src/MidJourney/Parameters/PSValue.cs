using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney.Parameters;

/// <summary>
/// Reads values and properties of any object: live, deserialised, a hashtable, a CSV row. Names match in any letter case, as in PowerShell; where an object has
/// several names that differ only in case, the exact match wins.
/// </summary>
internal static class PSValue
{
    /// <summary>The value without PowerShell's wrapping; null for what stands for null in a database or as an argument.</summary>
    public static object? Unwrap(object? value) => (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) switch
    {
        DBNull or NullString => null,
        var bare => bare,
    };

    /// <summary>Null, or a text of white space alone, as an empty cell is.</summary>
    public static bool IsBlank(object? value) => Unwrap(value) is null || AsText(value) is { } text && string.IsNullOrWhiteSpace(text);

    /// <summary>Blank, or a list of blank items.</summary>
    public static bool IsEmpty(object? value) => IsBlank(value) || (Unwrap(value) is IList list && list.Cast<object?>().All(IsBlank));

    /// <summary>A text or an address as text; null for anything else.</summary>
    public static string? AsText(object? value) => Unwrap(value) switch
    {
        string text => text,
        Uri uri => uri.OriginalString,
        _ => null,
    };

    /// <summary>A property, or a dictionary's entry; null if there is none.</summary>
    public static object? Property(object? source, string name) => Unwrap(source) switch
    {
        null => null,
        IDictionary entries => KeyOf(entries, name) is { } key ? Unwrap(entries[key]) : null,
        _ => Unwrap(PSObject.AsPSObject(source).Properties[name]?.Value),
    };

    public static bool HasProperty(object? source, string name) => Unwrap(source) switch
    {
        null => false,
        IDictionary entries => KeyOf(entries, name) is not null,
        _ => PSObject.AsPSObject(source).Properties[name] is not null,
    };

    // ConvertFrom-Json -AsHashtable makes dictionaries that tell id from Id.
    private static object? KeyOf(IDictionary entries, string name) =>
        entries.Contains(name) ? name : entries.Keys.Cast<object>().FirstOrDefault(k => k is string text && string.Equals(text, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A property as trimmed text; null if it is blank, a list or a table.</summary>
    public static string? Text(object? source, string name) =>
        Property(source, name) is not (IEnumerable and not string) and var value && Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>A property that is a text, to the last space; null if it is empty, which is how a CSV writes null.</summary>
    public static string? ExactText(object? source, string name) => Property(source, name) is string { Length: > 0 } text ? text : null;

    /// <summary>A property that is a whole number, or a text that is one; null otherwise.</summary>
    public static int? Integer(object? source, string name) => Integer(Property(source, name));

    /// <summary>A whole number, or a text that is one; null otherwise. Nothing is rounded.</summary>
    public static int? Integer(object? value) => Unwrap(value) is not (string or char or sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal) ? null
        : int.TryParse(Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture), NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    /// <summary>The items of a list, or the one value that stands for a list of it.</summary>
    public static IEnumerable<object?> Items(object? value) => Unwrap(value) is null ? [] : ListOf(value) ?? [Unwrap(value)];

    /// <summary>The items of what PowerShell enumerates; null for a single value.</summary>
    public static IEnumerable<object?>? ListOf(object? value) => LanguagePrimitives.GetEnumerable(value)?.Cast<object?>();

    /// <summary>A time in any of the forms it takes on its way through files and processes; null otherwise.</summary>
    public static DateTimeOffset? Time(object? value) => Unwrap(value) switch
    {
        // Clixml, jobs and remoting take a DateTimeOffset apart.
        PSObject parts => Time(Property(parts, "UtcDateTime")),
        DateTimeOffset time => time,
        DateTime time => time,
        // ISO 8601 is the same everywhere; anything else was most likely written where it is read.
        string { Length: > 4 } text when text[4] == '-' => Time(text, CultureInfo.InvariantCulture),
        string text => Time(text, CultureInfo.CurrentCulture) ?? Time(text, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static DateTimeOffset? Time(string text, CultureInfo culture) =>
        DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
