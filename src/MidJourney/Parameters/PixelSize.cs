using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace MidJourney.Parameters;

/// <summary>Reads a size in pixels: <c>2048x1024</c>, a size, or an object with the wire's fields width and height.</summary>
internal static class PixelSize
{
    private static readonly Regex Form = new(@"^\s*(\d+)\s*[xX×]\s*(\d+)\s*$", RegexOptions.CultureInvariant);

    /// <exception cref="GatewayException">The size is missing or invalid.</exception>
    public static MJSize Read(string name, object? value)
    {
        if (PSValue.IsBlank(value)) throw ParameterText.Invalid(Messages.ParameterMissing(name));
        var text = PSValue.AsText(value);
        var size = text is null ? FromObject(PSObject.AsPSObject(value)) : FromText(text);
        return size is { Width: > 0, Height: > 0 } ? size : throw ParameterText.Invalid(Messages.NotASize(name, text ?? $"{value}"));
    }

    /// <returns>The size; null if the text is invalid.</returns>
    public static MJSize? FromText(string text) => Form.Match(text) is { Success: true } match && Side(match, 1) is { } width && Side(match, 2) is { } height
        ? new MJSize { Width = width, Height = height } : null;

    private static MJSize? FromObject(PSObject source) =>
        PSValue.Integer(source, "width") is { } width && PSValue.Integer(source, "height") is { } height ? new MJSize { Width = width, Height = height } : null;

    private static int? Side(Match match, int group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var side) ? side : null;
}

/// <summary>
/// Reads the position of an image on a canvas: <c>1024x1024+512+0</c>, only a size for a centred image, or an object with the
/// wire's fields. The default is a centred square of the largest size that fits, because images are square unless a prompt asks otherwise.
/// </summary>
internal static class ImagePosition
{
    private static readonly Regex Form = new(@"^\s*(?<size>\d+\s*[xX×]\s*\d+)\s*(?:(?<x>[+-]\d+)\s*(?<y>[+-]\d+)\s*)?$", RegexOptions.CultureInvariant);

    /// <exception cref="GatewayException">The position is invalid.</exception>
    public static MJImagePosition Read(string name, object? value, MJSize canvas)
    {
        if (PSValue.IsBlank(value))
        {
            var side = Math.Min(canvas.Width, canvas.Height);
            return Centred(new MJSize { Width = side, Height = side }, canvas);
        }
        var text = PSValue.AsText(value);
        var position = text is null ? FromObject(PSObject.AsPSObject(value), canvas) : FromText(text, canvas);
        return position is { Width: > 0, Height: > 0 } ? position : throw ParameterText.Invalid(Messages.NotAPosition(name, text ?? $"{value}"));
    }

    private static MJImagePosition? FromText(string text, MJSize canvas)
    {
        var match = Form.Match(text);
        if (!match.Success || PixelSize.FromText(match.Groups["size"].Value) is not { } size) return null;
        if (!match.Groups["x"].Success) return Centred(size, canvas);
        return Offset(match, "x") is { } x && Offset(match, "y") is { } y ? At(size, x, y) : null;
    }

    private static MJImagePosition? FromObject(PSObject source, MJSize canvas)
    {
        if (PSValue.Integer(source, "width") is not { } width || PSValue.Integer(source, "height") is not { } height) return null;
        var size = new MJSize { Width = width, Height = height };
        if (PSValue.Property(source, "x") is null && PSValue.Property(source, "y") is null) return Centred(size, canvas);
        return PSValue.Integer(source, "x") is { } x && PSValue.Integer(source, "y") is { } y ? At(size, x, y) : null;
    }

    private static MJImagePosition Centred(MJSize size, MJSize canvas) => At(size, (canvas.Width - size.Width) / 2, (canvas.Height - size.Height) / 2);

    private static MJImagePosition At(MJSize size, int x, int y) => new() { Width = size.Width, Height = size.Height, X = x, Y = y };

    private static int? Offset(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset) ? offset : null;
}
