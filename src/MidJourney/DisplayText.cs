using System.Globalization;

namespace MidJourney;

/// <summary>How values read in messages and tables.</summary>
internal static class DisplayText
{
    private const int MaxQuoteLength = 100;

    /// <summary>The user's own input, short and without terminal escapes.</summary>
    public static string Quote(string text)
    {
        var start = text.Length > MaxQuoteLength ? text.Substring(0, MaxQuoteLength) + "…" : text;
        return string.Concat(start.Select(c => char.IsControl(c) ? "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) : c.ToString()));
    }

    /// <summary>A number of bytes in the unit that fits, as in 1.9 MB.</summary>
    public static string Size(decimal bytes) => bytes switch
    {
        < 1000 => FormattableString.Invariant($"{bytes} B"),
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1000:0.0} kB"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1_000_000:0.0} MB"),
        _ => FormattableString.Invariant($"{bytes / 1_000_000_000:0.0} GB"),
    };

    /// <summary>How long something takes, as in 45 s, 6 min, 1 h 20 min.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => FormattableString.Invariant($"{(int)time.TotalSeconds} s"),
        < 3600 => FormattableString.Invariant($"{(int)time.TotalMinutes} min"),
        _ => FormattableString.Invariant($"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    /// <summary>A time in the one unit that fits.</summary>
    public static string Age(TimeSpan time) => time.TotalSeconds switch
    {
        < 0 => "0s",
        < 60 => FormattableString.Invariant($"{(int)time.TotalSeconds}s"),
        < 3600 => FormattableString.Invariant($"{(int)time.TotalMinutes}m"),
        < 86400 => FormattableString.Invariant($"{(int)time.TotalHours}h"),
        _ => FormattableString.Invariant($"{(int)time.TotalDays}d"),
    };
}
