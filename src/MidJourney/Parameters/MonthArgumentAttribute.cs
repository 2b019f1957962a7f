using System.Globalization;
using System.Management.Automation;

namespace MidJourney.Parameters;

/// <summary>Reads a month: 2026-11, a date, or a time, as local time. PowerShell alone would read a number as a time in the year 1.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MonthArgumentAttribute : ArgumentTransformationAttribute
{
    private const int MinYear = 2000, MaxYear = 9998;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = PSValue.Unwrap(inputData);
        DateTime? month = value switch
        {
            DateTimeOffset time => time.LocalDateTime,
            DateTime { Kind: DateTimeKind.Utc } time => time.ToLocalTime(),
            DateTime time => time,
            // As PowerShell reads a date.
            string text when DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var date) => date,
            _ => null,
        };
        return month is { Year: >= MinYear and <= MaxYear } ? month : throw new ArgumentTransformationMetadataException(Messages.InvalidMonth());
    }
}
