namespace MidJourney;

/// <summary>Reads an upscale type: a name in any letter case, or the wire's number.</summary>
internal static class UpscaleTypeName
{
    /// <exception cref="GatewayException">There is none, or no such type.</exception>
    public static string Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new GatewayException(GatewayErrorKind.TypeMissing, CommandMessages.TypeMissing());
        return UpscaleType.Find(text!.Trim()) ?? throw new GatewayException(GatewayErrorKind.InvalidType, CommandMessages.InvalidType(text!));
    }
}
