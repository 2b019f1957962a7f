using System.Globalization;
using System.Management.Automation;

namespace MidJourney;

/// <summary>Takes a number of hours where a time span is wanted. PowerShell would take it for ticks, of which ten million make a second.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HoursArgumentAttribute : ArgumentTransformationAttribute
{
    /// <summary>Longer than any gateway keeps a task.</summary>
    private const double MaxHours = 24 * 3660;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        TimeSpan span;
        if (value is TimeSpan given) span = given;
        else if (value is not null && double.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var hours))
            span = hours is >= 0 and <= MaxHours ? TimeSpan.FromHours(hours) : throw Invalid();
        else if (!(value is string text && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span))) throw Invalid();
        return span >= TimeSpan.Zero && span.TotalHours <= MaxHours ? span : throw Invalid();
    }

    private static ArgumentTransformationMetadataException Invalid() => new(CommandMessages.NotHours());
}
