using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace MidJourney;

/// <summary>Reads a size in pixels: <c>2048x1024</c>, a size, or an object with width and height as the wire has them.</summary>
internal static class PixelSize
{
    private static readonly Regex Form = new(@"^\s*(\d+)\s*[xX×]\s*(\d+)\s*$", RegexOptions.CultureInvariant);

    /// <exception cref="GatewayException">There is none, or it is no size.</exception>
    public static MJSize Read(string name, object? value)
    {
        if (GivenValue.IsNothing(value)) throw ParameterText.Invalid(CommandMessages.ParameterMissing(name));
        var text = GivenValue.TextOf(value);
        var size = text is null ? FromObject(PSObject.AsPSObject(value)) : FromText(text);
        return size is { Width: > 0, Height: > 0 } ? size : throw ParameterText.Invalid(CommandMessages.NotASize(name, text ?? $"{value}"));
    }

    /// <returns>The size; null when the text is none.</returns>
    public static MJSize? FromText(string text) => Form.Match(text) is { Success: true } match && Side(match, 1) is { } width && Side(match, 2) is { } height
        ? new MJSize { Width = width, Height = height } : null;

    private static MJSize? FromObject(PSObject source) =>
        GivenValue.Whole(source, "width") is { } width && GivenValue.Whole(source, "height") is { } height ? new MJSize { Width = width, Height = height } : null;

    private static int? Side(Match match, int group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var side) ? side : null;
}
