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

/// <summary>Says a time as a person would: in the one unit that fits.</summary>
internal static class Age
{
    public static string Of(TimeSpan time) => time.TotalSeconds switch
    {
        < 0 => "0s",
        < 60 => FormattableString.Invariant($"{(int)time.TotalSeconds}s"),
        < 3600 => FormattableString.Invariant($"{(int)time.TotalMinutes}m"),
        < 86400 => FormattableString.Invariant($"{(int)time.TotalHours}h"),
        _ => FormattableString.Invariant($"{(int)time.TotalDays}d"),
    };
}
