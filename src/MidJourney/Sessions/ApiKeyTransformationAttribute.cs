using System.Management.Automation;
using System.Net;
using System.Security;

namespace MidJourney;

/// <summary>Takes a plain string where a secure one is wanted, and never repeats what it was given.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ApiKeyTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            SecureString secure => secure,
            string text => new NetworkCredential("", text).SecurePassword,
            PSCredential credential => credential.Password,
            _ => throw new ArgumentTransformationMetadataException(CommandMessages.ApiKeyKind()),
        };
    }
}
