namespace MidJourney;

/// <summary>Reads a callback address (contract: <c>callback</c>).</summary>
internal static class CallbackUrl
{
    /// <returns>The address as it was given; null for none.</returns>
    /// <exception cref="GatewayException">It is not absolute, or neither http nor https.</exception>
    public static string? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var trimmed = text!.Trim();
        return WebAddress.IsOne(trimmed) ? trimmed
            : throw new GatewayException(GatewayErrorKind.InvalidCallbackUrl, CommandMessages.InvalidCallbackUrl(trimmed));
    }
}
