using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney.Parameters;

/// <summary>
/// Reads values and properties of any object: live, deserialised, a hashtable, a CSV row. Names are case-insensitive, as in PowerShell; if several names
/// differ only in case, the exact match wins.
/// </summary>
internal static class PSValue
{
    /// <summary>The value without its PSObject; null for DBNull and NullString.</summary>
    public static object? Unwrap(object? value) => (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) switch
    {
        DBNull or NullString => null,
        var bare => bare,
    };

    /// <summary>Null or white space, such as an empty cell.</summary>
    public static bool IsBlank(object? value) => Unwrap(value) is null || AsText(value) is { } text && string.IsNullOrWhiteSpace(text);

    /// <summary>Blank, or a list of blank items.</summary>
    public static bool IsEmpty(object? value) => IsBlank(value) || (Unwrap(value) is IList list && list.Cast<object?>().All(IsBlank));

    /// <summary>A string or URI as text; null for anything else.</summary>
    public static string? AsText(object? value) => Unwrap(value) switch
    {
        string text => text,
        Uri uri => uri.OriginalString,
        _ => null,
    };

    /// <summary>A property or dictionary entry; null for none.</summary>
    public static object? Property(object? source, string name) => Unwrap(source) switch
    {
        null => null,
        IDictionary entries => KeyOf(entries, name) is { } key ? Unwrap(entries[key]) : null,
        _ => Unwrap(ValueOf(PSObject.AsPSObject(source).Properties[name])),
    };

    // A property that cannot be read is a fault of its record, not of the others.
    private static object? ValueOf(PSPropertyInfo? property)
    {
        try { return property?.Value; }
        catch (GetValueException) { return null; }
    }

    public static bool HasProperty(object? source, string name) => Unwrap(source) switch
    {
        null => false,
        IDictionary entries => KeyOf(entries, name) is not null,
        _ => PSObject.AsPSObject(source).Properties[name] is not null,
    };

    /// <summary>The names of its properties, or a dictionary's keys.</summary>
    public static IEnumerable<string> Names(object? source) => Unwrap(source) switch
    {
        null => [],
        IDictionary entries => entries.Keys.OfType<string>(),
        _ => PSObject.AsPSObject(source).Properties.Select(p => p.Name),
    };

    // Dictionaries from ConvertFrom-Json -AsHashtable are case-sensitive.
    private static object? KeyOf(IDictionary entries, string name) =>
        entries.Contains(name) ? name : entries.Keys.Cast<object>().FirstOrDefault(k => k is string text && string.Equals(text, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A property as trimmed text; null if it is blank, a list or a table.</summary>
    public static string? Text(object? source, string name) =>
        Property(source, name) is not (IEnumerable and not string) and var value && Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>The values of a property, as one text to compare.</summary>
    public static string Texts(object? source, string name) => string.Join(",", Items(Property(source, name)).Select(item => Convert.ToString(Unwrap(item), CultureInfo.InvariantCulture)?.Trim()));

    /// <summary>A string property, not trimmed; null if it is empty, as a CSV writes null.</summary>
    public static string? ExactText(object? source, string name) => Property(source, name) is string { Length: > 0 } text ? text : null;

    /// <summary>A property that is an integer, or a string with one; null otherwise.</summary>
    public static int? Integer(object? source, string name) => Integer(Property(source, name));

    /// <summary>An integer, or a string with one; null otherwise. Nothing is rounded.</summary>
    public static int? Integer(object? value) => Unwrap(value) is not (string or char or sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal) ? null
        : int.TryParse(Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture), NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    /// <summary>The items of a list, or the single value.</summary>
    public static IEnumerable<object?> Items(object? value) => Unwrap(value) is null ? [] : ListOf(value) ?? [Unwrap(value)];

    /// <summary>The items, if PowerShell enumerates the value; otherwise null.</summary>
    public static IEnumerable<object?>? ListOf(object? value) => LanguagePrimitives.GetEnumerable(value)?.Cast<object?>();

    /// <summary>A time in any form that files and other processes give it; null otherwise.</summary>
    public static DateTimeOffset? Time(object? value) => Unwrap(value) switch
    {
        // Clixml, jobs and remoting split a DateTimeOffset into properties.
        PSObject parts => Time(Property(parts, "UtcDateTime")),
        DateTimeOffset time => time,
        DateTime time => time,
        // Text other than ISO 8601 was most likely written in the culture of this machine.
        string { Length: > 4 } text when text[4] == '-' => Time(text, CultureInfo.InvariantCulture),
        string text => Time(text, CultureInfo.CurrentCulture) ?? Time(text, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static DateTimeOffset? Time(string text, CultureInfo culture) =>
        DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
