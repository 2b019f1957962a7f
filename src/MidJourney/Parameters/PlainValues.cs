using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;

namespace MidJourney.Parameters;

/// <summary>Converts hashtables, objects from ConvertFrom-Json, lists, strings and numbers to plain JSON values. Nothing is guessed or rounded.</summary>
internal static class PlainValues
{
    private const int MaxDepth = 32;

    /// <summary>Names and values in their order; those of a hashtable, which has no order, sorted by name.</summary>
    /// <exception cref="GatewayException">The value is not a table, or contains a value that JSON does not support.</exception>
    public static IReadOnlyList<KeyValuePair<string, object?>> Read(string parameter, object? value) =>
        PSValue.Unwrap(value) is null ? [] : ReadTable(parameter, value!, "", 1) ?? throw ParameterText.Invalid(Messages.NotATable(parameter));

    /// <summary>The values as a table that <see cref="Read"/> accepts.</summary>
    public static OrderedDictionary Table(IEnumerable<KeyValuePair<string, object?>> values)
    {
        var table = new OrderedDictionary();
        foreach (var value in values) table.Add(value.Key, Plain(value.Value));
        return table;
    }

    private static object? Plain(object? value) => value switch
    {
        IEnumerable<KeyValuePair<string, object?>> table => Table(table),
        object?[] list => Array.ConvertAll(list, Plain),
        _ => value,
    };

    private static List<KeyValuePair<string, object?>>? ReadTable(string parameter, object value, string place, int depth)
    {
        if (Fields(parameter, place, value) is not { } fields) return null;
        if (depth > MaxDepth) throw ParameterText.Invalid(Messages.NestedTooDeep(parameter, place, MaxDepth));
        var read = new List<KeyValuePair<string, object?>>();
        foreach (var field in fields)
        {
            var name = field.Key;
            if (name.Length == 0) throw ParameterText.Invalid(Messages.NameMissing(parameter, place.Length == 0 ? "." : place));
            var inner = place.Length == 0 ? name : $"{place}.{name}";
            read.Add(new(Text(parameter, inner, name), ReadValue(parameter, field.Value, inner, depth + 1)));
        }
        return read;
    }

    private static IEnumerable<KeyValuePair<string, object?>>? Fields(string parameter, string place, object value) => PSValue.Unwrap(value) switch
    {
        Hashtable table => Fields(parameter, place, table).OrderBy(f => f.Key, StringComparer.Ordinal),
        IDictionary table => Fields(parameter, place, table),
        PSObject { BaseObject: PSCustomObject } item => item.Properties.Select(p => new KeyValuePair<string, object?>(p.Name, p.Value)),
        _ => null,
    };

    private static IEnumerable<KeyValuePair<string, object?>> Fields(string parameter, string place, IDictionary table) =>
        table.Keys.Cast<object>().Select(k => new KeyValuePair<string, object?>(NameOf(parameter, place, k), table[k]));

    private static string NameOf(string parameter, string place, object key) => PSValue.Unwrap(key) switch
    {
        string text => text,
        int or long => Convert.ToString(PSValue.Unwrap(key), CultureInfo.InvariantCulture)!,
        var other => throw ParameterText.Invalid(Messages.UnsupportedType(parameter, place.Length == 0 ? "." : place, other!.GetType())),
    };

    private static object? ReadValue(string parameter, object? value, string place, int depth) => PSValue.Unwrap(value) switch
    {
        null => null,
        string text => Text(parameter, place, text),
        char letter => Text(parameter, place, letter.ToString()),
        Uri address => Text(parameter, place, address.OriginalString),
        bool or int or long or decimal => PSValue.Unwrap(value),
        SwitchParameter flag => flag.ToBool(),
        byte or sbyte or short or ushort or uint => Convert.ToInt64(PSValue.Unwrap(value), CultureInfo.InvariantCulture),
        ulong number => (decimal)number,
        float number => Finite(parameter, place, double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        double number => Finite(parameter, place, number),
        MJMask or MJMaskArea or MJSize or MJImagePosition => PSValue.Unwrap(value),
        var other => ReadTable(parameter, value!, place, depth) as object ?? ReadList(parameter, other, place, depth),
    };

    private static object?[] ReadList(string parameter, object value, string place, int depth)
    {
        if (value is not (IList or IEnumerable<object>)) throw ParameterText.Invalid(Messages.UnsupportedType(parameter, place, value.GetType()));
        if (depth > MaxDepth) throw ParameterText.Invalid(Messages.NestedTooDeep(parameter, place, MaxDepth));
        return [.. ((IEnumerable)value).Cast<object?>().Select((item, i) => ReadValue(parameter, item, FormattableString.Invariant($"{place}[{i}]"), depth + 1))];
    }

    private static double Finite(string parameter, string place, double number) =>
        double.IsNaN(number) || double.IsInfinity(number) ? throw ParameterText.Invalid(Messages.NotFinite(parameter, place)) : number;

    private static string Text(string parameter, string place, string text) =>
        ParameterText.Characters(text) is null ? throw ParameterText.Invalid(Messages.TextNotUnicode($"{parameter} ({DisplayText.Quote(place)})")) : text;
}
