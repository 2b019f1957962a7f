namespace MidJourney;

/// <summary>Reads an upscale type: a name in any letter case, or the wire's number.</summary>
internal static class UpscaleTypeName
{
    public static readonly UpscaleType[] All = [UpscaleType.Standard, UpscaleType.Creative, UpscaleType.V5_2x, UpscaleType.V5_4x];

    public static bool TryParse(string? text, out UpscaleType type)
    {
        foreach (var known in All)
        {
            type = known;
            if (string.Equals(text, known.ToString(), StringComparison.OrdinalIgnoreCase) || text == ((int)known).ToString(System.Globalization.CultureInfo.InvariantCulture))
                return true;
        }
        type = default;
        return false;
    }

    /// <exception cref="GatewayException">There is none, or no such type.</exception>
    public static UpscaleType Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new GatewayException(GatewayErrorKind.TypeMissing, CommandMessages.TypeMissing());
        return TryParse(text!.Trim(), out var type) ? type
            : throw new GatewayException(GatewayErrorKind.InvalidType, CommandMessages.InvalidType(text!));
    }
}
