using System.Globalization;

namespace MidJourney;

/// <summary>Quotes the user's own input in a message, short and without terminal escapes.</summary>
internal static class Shown
{
    private const int MostCharacters = 100;

    public static string Of(string text)
    {
        var start = text.Length > MostCharacters ? text.Substring(0, MostCharacters) + "…" : text;
        return string.Concat(start.Select(c => char.IsControl(c) ? "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) : c.ToString()));
    }
}
