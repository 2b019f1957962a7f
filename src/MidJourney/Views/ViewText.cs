using System.Globalization;
using System.Management.Automation;
using MidJourney.Parameters;

namespace MidJourney;

/// <summary>The texts of MidJourney.Format.ps1xml: short, the same in every culture, for live and deserialised objects.</summary>
public static class ViewText
{
    /// <summary>A task's status, coloured if the host supports it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="style"><c>$PSStyle</c>; null in Windows PowerShell, which has none and counts escape sequences as characters.</param>
    /// <param name="hasColors">Whether the host supports escape sequences.</param>
    public static string Status(PSObject task, object? style, bool hasColors)
    {
        var text = PSValue.Text(task, nameof(MJTask.Status)) ?? "";
        var status = MJTaskStatus.Find(text) ?? text;
        if (style is null || !hasColors || $"{PSValue.Property(style, "OutputRendering")}" == "PlainText") return status;
        var color = status switch
        {
            nameof(MJTaskStatus.Completed) => PSValue.Property(PSValue.Property(style, "Foreground"), "Green"),
            nameof(MJTaskStatus.Failed) or nameof(MJTaskStatus.Cancelled) => PSValue.Property(PSValue.Property(style, "Formatting"), "Error"),
            nameof(MJTaskStatus.OutcomeUnknown) or nameof(MJTaskStatus.Unknown) => PSValue.Property(PSValue.Property(style, "Formatting"), "Warning"),
            nameof(MJTaskStatus.InProgress) => PSValue.Property(PSValue.Property(style, "Foreground"), "Cyan"),
            _ => null,
        };
        return color is null ? status : $"{color}{status}{PSValue.Property(style, "Reset")}";
    }

    /// <summary><see cref="Status"/>, followed by "known" if the task was returned instead of billed again.</summary>
    /// <inheritdoc cref="Status" path="/param"/>
    public static string StatusAndKnown(PSObject task, object? style, bool hasColors) =>
        Status(task, style, hasColors) + (PSValue.Property(task, nameof(MJTask.IsKnown)) is true ? ", known" : "");

    /// <summary>0 to 1 as a whole percentage, rounded down; nothing for null.</summary>
    public static string? Percent(object? share) => Number(share) is { } number ? Math.Floor(number * 100).ToString("0", CultureInfo.InvariantCulture) + "%" : null;

    /// <summary>US dollars with three or four decimals; nothing for null.</summary>
    public static string? Money(object? dollars) => Number(dollars) is { } number ? "$" + number.ToString("#,0.000#", CultureInfo.InvariantCulture) : null;

    /// <summary>The time since then in its largest unit, such as 3h; nothing for null.</summary>
    public static string? Age(object? time) => PSValue.Time(time) is { } then ? DisplayText.Age(DateTimeOffset.UtcNow - then) : null;

    /// <summary>A time and its age; nothing for null.</summary>
    public static string? Time(object? time) =>
        PSValue.Time(time) is { } then ? FormattableString.Invariant($"{then.ToLocalTime():yyyy-MM-dd HH:mm:ss} ({DisplayText.Age(DateTimeOffset.UtcNow - then)} ago)") : null;

    /// <summary>A number of bytes in a suitable unit, such as 1.9 MB.</summary>
    public static string? Size(object? bytes) => Number(bytes) switch
    {
        null => null,
        < 1000 and var n => FormattableString.Invariant($"{n} B"),
        < 1_000_000 and var n => FormattableString.Invariant($"{n / 1000:0.0} kB"),
        < 1_000_000_000 and var n => FormattableString.Invariant($"{n / 1_000_000:0.0} MB"),
        var n => FormattableString.Invariant($"{n / 1_000_000_000:0.0} GB"),
    };

    /// <summary>The state of a saved file.</summary>
    public static string? SavedState(object? state) => state?.ToString() switch
    {
        nameof(MidJourney.SavedState.Saved) => "saved",
        nameof(MidJourney.SavedState.AlreadyThere) => "already there",
        nameof(MidJourney.SavedState.NotVerified) => "not verified",
        var other => other,
    };

    private static decimal? Number(object? value) =>
        // PowerShell converts an empty string to 0.
        value is not null && !string.IsNullOrWhiteSpace(value.ToString()) && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
