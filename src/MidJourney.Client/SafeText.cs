using System.Globalization;

namespace MidJourney;

/// <summary>Makes text from the wire safe to show: no terminal escapes, no control characters, no characters that change the text direction.</summary>
internal static class SafeText
{
    private const int MaxMessageLength = 1000;

    /// <summary>Long enough to recognize a prompt, and one line of a terminal.</summary>
    private const int MaxPromptLength = 60;

    /// <summary>The text with every unprintable character written as <c>\uXXXX</c>.</summary>
    public static string Printable(string text) => Escape(text, (_, _) => false);

    public static bool IsPrintable(string text)
    {
        foreach (var c in text)
            if (IsUnprintable(c)) return false;
        return true;
    }

    /// <summary><see cref="Printable"/>, but keeps line ends and tabs.</summary>
    public static string PrintableLines(string text) => Escape(text, IsLineEndOrTab);

    /// <summary><see cref="Printable"/>, on one line, with a maximum length.</summary>
    public static string Message(string text) => Line(text, MaxMessageLength);

    /// <summary>The beginning of a prompt, on one line, to name it in a message.</summary>
    public static string Prompt(string text) => Line(text, MaxPromptLength);

    private static string Line(string text, int maxLength)
    {
        var line = Printable(string.Join(" ", text.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)));
        if (line.Length <= maxLength) return line;
        var end = char.IsHighSurrogate(line[maxLength - 1]) ? maxLength - 1 : maxLength;
        return line.Substring(0, end) + "…";
    }

    /// <summary>True for a character that may control a terminal.</summary>
    public static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is '\u061c' or >= '\u200e' and <= '\u200f' or >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029' or '\ufeff';

    private static string Escape(string text, Func<string, int, bool> isKept) => IsPrintable(text) ? text
        : string.Concat(text.Select((c, at) => !IsUnprintable(c) || isKept(text, at) ? c.ToString() : "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture)));

    /// <summary>A carriage return alone does not count, because the text after it would overwrite the line.</summary>
    private static bool IsLineEndOrTab(string text, int at) => text[at] is '\n' or '\t' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n');
}
