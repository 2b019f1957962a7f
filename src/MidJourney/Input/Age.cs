namespace MidJourney;

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
