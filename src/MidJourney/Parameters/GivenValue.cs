using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney.Parameters;

/// <summary>Takes apart what users give for a value that is an object on the wire: text, a hashtable, or an object of any origin.</summary>
internal static class GivenValue
{
    /// <summary>Null, or a text of nothing, as an empty cell is.</summary>
    public static bool IsNothing(object? value) => Bare(value) is null || TextOf(value) is { } text && string.IsNullOrWhiteSpace(text);

    /// <summary>The same, or a list of nothing else.</summary>
    public static bool SaysNothing(object? value) => IsNothing(value) || (Bare(value) is IList list && list.Cast<object?>().All(IsNothing));

    /// <summary>A text or an address as text; null for anything else.</summary>
    public static string? TextOf(object? value) => Bare(value) switch
    {
        string text => text,
        Uri uri => uri.OriginalString,
        _ => null,
    };

    /// <summary>The value without PowerShell's wrapping; null for what stands for null in a database or as an argument.</summary>
    public static object? Bare(object? value) => (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) switch
    {
        DBNull or NullString => null,
        var bare => bare,
    };

    /// <summary>A property or a dictionary's entry, in any letter case; null when there is none.</summary>
    public static object? Field(PSObject source, string name) => source.BaseObject is IDictionary fields
        ? KeyOf(fields, name) is { } key ? Bare(fields[key]) : null
        : Bare(source.Properties[name]?.Value);

    /// <summary>Whether there is a property or an entry of that name, in any letter case.</summary>
    public static bool HasField(PSObject source, string name) =>
        source.BaseObject is IDictionary fields ? KeyOf(fields, name) is not null : source.Properties[name] is not null;

    // ConvertFrom-Json -AsHashtable makes dictionaries that tell id from Id.
    private static object? KeyOf(IDictionary fields, string name) =>
        fields.Contains(name) ? name : fields.Keys.Cast<object>().FirstOrDefault(k => k is string text && string.Equals(text, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A field that is a whole number, or a text that is one; null otherwise.</summary>
    public static int? Whole(PSObject source, string name) => Whole(Field(source, name));

    /// <summary>A whole number, or a text that is one; null otherwise. Nothing is rounded.</summary>
    public static int? Whole(object? value) => Bare(value) is not (string or char or sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal) ? null
        : int.TryParse(Convert.ToString(Bare(value), CultureInfo.InvariantCulture), NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    /// <summary>The items of a list, or the one thing that stands for a list of it.</summary>
    public static IEnumerable<object?> Items(object? value) => Bare(value) switch
    {
        null => [],
        IEnumerable list and not (string or IDictionary) => list.Cast<object?>(),
        var one => [one],
    };
}
