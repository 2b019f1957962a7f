using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;
using MidJourney.Parameters;

namespace MidJourney.Sessions;

/// <summary>Takes sessions alone. PowerShell's own message would quote what was given instead, which may be the key.</summary>
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

/// <summary>Takes a text where an address is wanted. The engine's own error would show it, with the password that it may hold.</summary>
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

/// <summary>Takes a plain string where a secure one is wanted, and never repeats what it was given.</summary>
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

/// <summary>Takes a number of hours where a time span is wanted. PowerShell would take it for ticks, of which ten million make a second.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HoursArgumentAttribute : ArgumentTransformationAttribute
{
    /// <summary>Longer than any gateway keeps a task.</summary>
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
