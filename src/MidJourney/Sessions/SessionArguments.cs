using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;
using MidJourney.Parameters;

namespace MidJourney.Sessions;

/// <summary>Accepts only sessions. PowerShell's own error would quote the value, which may be the key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SessionArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        foreach (var item in PSValue.Items(inputData))
            if (item is not null && PSValue.Unwrap(item) is not MJSession) throw new ArgumentTransformationMetadataException(Messages.NotASession(item));
        return inputData;
    }
}

/// <summary>Converts a string to a URI. PowerShell's own error would quote it, with a password that it may contain.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => PSValue.Unwrap(inputData) switch
    {
        null => null,
        Uri address => address,
        string text when Uri.TryCreate(text.Trim(), UriKind.RelativeOrAbsolute, out var address) => address,
        _ => throw new ArgumentTransformationMetadataException(Messages.InvalidAddress()),
    };
}

/// <summary>Converts a string to a secure string, and never shows the value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ApiKeyTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => PSValue.Unwrap(inputData) switch
    {
        SecureString secure => secure,
        string text => new NetworkCredential("", text).SecurePassword,
        PSCredential credential => credential.Password,
        _ => throw new ArgumentTransformationMetadataException(Messages.ApiKeyType()),
    };
}

/// <summary>Accepts amounts of money. PowerShell would read '0,5' as 5 and $null as no limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AmountArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = PSValue.Unwrap(inputData);
        if (value is string text)
            return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : throw Invalid();
        return value is IConvertible and not bool and not char and not DateTime and not Enum && LanguagePrimitives.TryConvertTo<decimal>(value, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid();
    }

    private static ArgumentTransformationMetadataException Invalid() => new(Messages.InvalidAmount());
}

/// <summary>Converts a number of hours to a time span. PowerShell would read the number as ticks of 100 ns.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HoursArgumentAttribute : ArgumentTransformationAttribute
{
    private const double MaxHours = 24 * 3660;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = PSValue.Unwrap(inputData);
        TimeSpan span;
        if (value is TimeSpan given) span = given;
        else if (value is not null && double.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var hours))
            span = hours is >= 0 and <= MaxHours ? TimeSpan.FromHours(hours) : throw Invalid();
        else if (!(value is string text && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span))) throw Invalid();
        return span >= TimeSpan.Zero && span.TotalHours <= MaxHours ? span : throw Invalid();
    }

    private static ArgumentTransformationMetadataException Invalid() => new(Messages.InvalidHours());
}
