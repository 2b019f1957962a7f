using System.Text;

namespace MidJourney;

/// <summary>Makes text from the wire fit to be shown: no terminal escapes, no control or direction-changing characters.</summary>
internal static class WireText
{
    private const int MostCharacters = 1000;

    /// <summary>The text with every unprintable character written as <c>\uXXXX</c>; the same instance when there is none.</summary>
    public static string Printable(string text)
    {
        var first = FirstUnprintable(text);
        if (first < 0) return text;
        var builder = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (var c in text.AsSpan(first))
        {
            if (IsUnprintable(c)) builder.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else builder.Append(c);
        }
        return builder.ToString();
    }

    /// <summary><see cref="Printable"/>, on one line, no longer than a message should be.</summary>
    public static string Message(string text)
    {
        var line = string.Join(" ", text.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        line = Printable(line);
        if (line.Length <= MostCharacters) return line;
        var end = char.IsHighSurrogate(line[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return line.Substring(0, end) + "…";
    }

    private static int FirstUnprintable(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (IsUnprintable(text[i])) return i;
        return -1;
    }

    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is >= '\u200e' and <= '\u200f' or >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029' or '\ufeff';
}
