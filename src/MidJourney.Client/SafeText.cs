using System.Text;

namespace MidJourney;

/// <summary>Makes text from the wire fit to be shown: no terminal escapes, no control or direction-changing characters.</summary>
internal static class SafeText
{
    private const int MostCharacters = 1000;

    /// <summary>The text with every unprintable character written as <c>\uXXXX</c>; the same instance when there is none.</summary>
    public static string Printable(string text) => Escape(text, keepsLines: false);

    public static bool IsPrintable(string text) => FirstUnprintable(text) < 0;

    /// <summary><see cref="Printable"/>, but for the ends of lines and tabs, which do no harm.</summary>
    public static string PrintableLines(string text) => Escape(text, keepsLines: true);

    /// <summary><see cref="Printable"/>, on one line, no longer than a message should be.</summary>
    public static string Message(string text)
    {
        var line = string.Join(" ", text.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        line = Printable(line);
        if (line.Length <= MostCharacters) return line;
        var end = char.IsHighSurrogate(line[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return line.Substring(0, end) + "…";
    }

    private static string Escape(string text, bool keepsLines)
    {
        var first = FirstUnprintable(text);
        if (first < 0) return text;
        var builder = new StringBuilder(text, 0, first, text.Length + 16);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (IsUnprintable(c) && !(keepsLines && IsLayout(text, i))) builder.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else builder.Append(c);
        }
        return builder.ToString();
    }

    /// <summary>The end of a line, or a tab; a carriage return alone would let the line be overwritten.</summary>
    private static bool IsLayout(string text, int at) => text[at] is '\n' or '\t' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n');

    private static int FirstUnprintable(string text)
    {
        for (var i = FirstUnusual(text); i < text.Length; i++)
            if (IsUnprintable(text[i])) return i;
        return -1;
    }

    /// <summary>Where there is more than plain ASCII for the first time; mostly there is not, and that is quick to see.</summary>
    private static int FirstUnusual(string text)
    {
#if NET
        return text.AsSpan().IndexOfAnyExceptInRange(' ', '~') is >= 0 and var at ? at : text.Length;
#else
        return 0;
#endif
    }

    /// <summary>Whether a character could do more on a terminal than stand there.</summary>
    public static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is '\u061c' or >= '\u200e' and <= '\u200f' or >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029' or '\ufeff';
}
