using System.Globalization;
using System.Management.Automation.Language;

namespace MidJourney;

/// <summary>Text as part of a command that is shown, to be typed or pasted.</summary>
internal static class PowerShellText
{
    /// <summary>A literal in single quotes. Characters that cannot be seen are added by number, so that the command is one line and does what it shows.</summary>
    public static string Literal(string text)
    {
        var literal = $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
        if (SafeText.IsPrintable(text)) return literal;
        return $"({string.Concat(literal.Select(c => SafeText.IsUnprintable(c) ? string.Format(CultureInfo.InvariantCulture, "' + [char]0x{0:x4} + '", (int)c) : c.ToString()))})";
    }
}
