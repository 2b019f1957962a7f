using System.Globalization;
using System.Management.Automation;
using MidJourney.Parameters;

namespace MidJourney;

/// <summary>What MidJourney.Format.ps1xml shows of values: short, for people, the same in every culture. Takes live and deserialised objects.</summary>
public static class ViewText
{
    /// <summary>A task's status, coloured where that can be seen.</summary>
    /// <param name="task">The task.</param>
    /// <param name="style"><c>$PSStyle</c>; null in Windows PowerShell, which has none and counts colours as letters.</param>
    /// <param name="hasColors">Whether the host's screen understands escape sequences.</param>
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

    /// <summary><see cref="Status"/>, and that the task was known before, where it was: returned instead of paid again.</summary>
    /// <inheritdoc cref="Status" path="/param"/>
    public static string StatusAndKnown(PSObject task, object? style, bool hasColors) =>
        Status(task, style, hasColors) + (PSValue.Property(task, nameof(MJTask.IsKnown)) is true ? ", known" : "");

    /// <summary>0 to 1 as whole percent, 100 only for all of it; nothing for null.</summary>
    public static string? Percent(object? share) => Number(share) is { } number ? Math.Floor(number * 100).ToString("0", CultureInfo.InvariantCulture) + "%" : null;

    /// <summary>US dollars, with as many digits as small prices need; nothing for null.</summary>
    public static string? Money(object? dollars) => Number(dollars) is { } number ? DisplayText.Money(number) : null;

    /// <summary>How long ago a time was, in its greatest unit, as in 3h; nothing for null.</summary>
    public static string? Age(object? time) => PSValue.Time(time) is { } then ? DisplayText.Age(DateTimeOffset.UtcNow - then) : null;

    /// <summary>A time and how long ago it was; nothing for null.</summary>
    public static string? Time(object? time) =>
        PSValue.Time(time) is { } then ? FormattableString.Invariant($"{then.ToLocalTime():yyyy-MM-dd HH:mm:ss} ({DisplayText.Age(DateTimeOffset.UtcNow - then)} ago)") : null;

    /// <summary>A number of bytes in the unit that fits, as in 1.9 MB.</summary>
    public static string? Size(object? bytes) => Number(bytes) is { } number ? DisplayText.Size(number) : null;

    /// <summary>How a saved file came to be there, in words.</summary>
    public static string? SavedState(object? state) => state?.ToString() switch
    {
        nameof(MidJourney.SavedState.Saved) => "saved",
        nameof(MidJourney.SavedState.AlreadyThere) => "already there",
        nameof(MidJourney.SavedState.NotVerified) => "not verified",
        var other => other,
    };

    private static decimal? Number(object? value) =>
        // To PowerShell an empty text is 0.
        value is not null && !string.IsNullOrWhiteSpace(value.ToString()) && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
