using System.Management.Automation;

namespace MidJourney;

/// <summary>Takes a text where an address is wanted. The engine's own error would show it, with the password that it may hold.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        null => null,
        Uri address => address,
        string text when Uri.TryCreate(text.Trim(), UriKind.RelativeOrAbsolute, out var address) => address,
        _ => throw new ArgumentTransformationMetadataException(CommandMessages.NotAnAddress()),
    };
}
