using System.Management.Automation;

namespace MidJourney;

/// <summary>Takes sessions alone. PowerShell's own message would quote what was given instead, which may be the key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SessionArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        foreach (var item in GivenValue.Items(inputData))
            if (item is not null && GivenValue.Bare(item) is not MJSession) throw new ArgumentTransformationMetadataException(CommandMessages.NotASession(item));
        return inputData;
    }
}
