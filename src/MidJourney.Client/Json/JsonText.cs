using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>Turns a response body that is nearly JSON into JSON, so that one invalid field does not make a paid task unreadable.</summary>
internal static class JsonText
{
    private const int MaxDepth = 60;

    private static readonly Regex ValidWord = new(@"^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$", RegexOptions.CultureInvariant);

    /// <summary>The body as valid Unicode text, without a byte order mark and without escapes that are half of a character.</summary>
    public static string Decode(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.UTF8.GetString(body.ToArray());
        if (text.StartsWith("\ufeff", StringComparison.Ordinal)) text = text.Substring(1);
        if (text.IndexOf('\\') < 0) return text;
        var result = text.ToCharArray();
        for (var at = 0; at < text.Length;)
        {
            var escaped = EscapedAt(text, at);
            var isPair = escaped is { } high && char.IsHighSurrogate(high) && EscapedAt(text, at + 6) is { } low && char.IsLowSurrogate(low);
            if (!isPair && escaped is { } half && char.IsSurrogate(half)) "\\ufffd".CopyTo(0, result, at, 6);
            at += isPair ? 12 : escaped is not null ? 6 : text[at] == '\\' ? 2 : 1;
        }
        return new string(result);
    }

    /// <summary>
    /// Converts nearly valid JSON to JSON: words and numbers that JSON does not have (<c>NaN</c>, <c>undefined</c>, <c>1.</c>) become null, as do missing values
    /// and values that are nested too deeply; control characters and invalid escapes in strings are escaped. What follows the first object or array is dropped.
    /// </summary>
    public static string Repair(string text)
    {
        var result = new StringBuilder(text.Length);
        var (depth, last) = (0, '\0');
        for (var at = 0; at < text.Length;)
        {
            var (c, end) = (text[at], at + 1);
            var isKept = depth <= MaxDepth;
            if (c == '"') end = CopyString(text, at, isKept ? result : null);
            else if (c is '{' or '[')
            {
                if (++depth <= MaxDepth) result.Append(c);
                else if (isKept) result.Append("null");
            }
            else if (c is '}' or ']')
            {
                if (isKept) result.Append(last == ':' ? "null" : "").Append(c);
                if (--depth <= 0) break;
            }
            else if (EndOfComment(text, at) is > 0 and var after) end = after;
            else if (c is ',' or ':' || IsSpace(c))
            {
                if (isKept) result.Append(c == ',' && last == ':' ? "null" : "").Append(c);
            }
            else
            {
                while (end < text.Length && !IsSpace(text[end]) && ",:{}[]\"".IndexOf(text[end]) < 0) end++;
                if (isKept) result.Append(text.Substring(at, end - at) is var word && ValidWord.IsMatch(word) ? word : "null");
            }
            if (!IsSpace(c) && depth <= MaxDepth) last = c;
            at = end;
        }
        return result.ToString();
    }

    /// <summary>The character that an escape <c>\uXXXX</c> at this place stands for; null if there is none.</summary>
    public static char? EscapedAt(string text, int at) =>
        at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u' && HexAt(text, at + 2, 4) is >= 0 and var unit ? (char)unit : null;

    /// <summary>The number that hexadecimal digits at this place stand for; -1 if there are fewer.</summary>
    public static int HexAt(string text, int at, int count)
    {
        if (at + count > text.Length) return -1;
        var value = 0;
        for (var end = at + count; at < end; at++)
        {
            if (!Uri.IsHexDigit(text[at])) return -1;
            value = value * 16 + Uri.FromHex(text[at]);
        }
        return value;
    }

    /// <summary>Copies a string with its quotes; without a target, only finds its end.</summary>
    /// <returns>The place after it.</returns>
    private static int CopyString(string text, int start, StringBuilder? target)
    {
        target?.Append('"');
        var at = start + 1;
        for (; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] < ' ') target?.Append("\\u").Append(((int)text[at]).ToString("x4", CultureInfo.InvariantCulture));
            else if (text[at] != '\\') target?.Append(text[at]);
            else if (EscapeLength(text, at) is > 0 and var length)
            {
                target?.Append(text, at, length);
                at += length - 1;
            }
            else target?.Append("\\\\");
        }
        // A string without its end stays invalid.
        if (at < text.Length) target?.Append('"');
        return Math.Min(text.Length, at + 1);
    }

    private static int EscapeLength(string text, int at) =>
        EscapedAt(text, at) is not null ? 6 : at + 1 < text.Length && "\"\\/bfnrt".IndexOf(text[at + 1]) >= 0 ? 2 : 0;

    private static int EndOfComment(string text, int at) =>
        string.CompareOrdinal(text, at, "/*", 0, 2) == 0 && text.IndexOf("*/", at + 2, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : 0;

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';
}
