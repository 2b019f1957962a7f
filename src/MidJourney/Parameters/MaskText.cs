using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace MidJourney.Parameters;

/// <summary>
/// Reads a mask: the URL of an image, areas as text (<c>1024x1024: 100,100,300,200; 0,0,500,0,0,500</c>, where four
/// numbers are a rectangle and more are a polygon), a mask, or an object with the wire's fields.
/// </summary>
internal static class MaskText
{
    private const int RectangleNumbers = 4;

    private static readonly Regex Form = new(@"^\s*(?:(?<size>\d+\s*[xX×]\s*\d+)\s*:)?(?<numbers>[^:]*)$", RegexOptions.CultureInvariant);

    /// <returns>The mask; null for none.</returns>
    public static MJMask? Read(string name, object? value)
    {
        if (PSValue.IsBlank(value)) return null;
        var mask = PSValue.AsText(value) is { } text ? FromText(name, text.Trim()) : FromObject(name, PSObject.AsPSObject(value));
        MaskRules.Check(name, mask);
        return mask;
    }

    /// <exception cref="GatewayException">The mask is missing or invalid.</exception>
    public static MJMask Require(string name, object? value) =>
        Read(name, value) ?? throw ParameterText.Invalid(Messages.ParameterMissing(name));

    /// <summary>Integers separated by commas or white space; null if one is invalid.</summary>
    public static int[]? Numbers(string text)
    {
        var parts = text.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var numbers = parts.Select(PSValue.Integer).ToArray();
        return numbers.Length > 0 && numbers.All(n => n is not null) ? [.. numbers.Select(n => n!.Value)] : null;
    }

    /// <summary>A rectangle as the polygon of its corners, clockwise from the upper left; null if the numbers are not x, y, width and height.</summary>
    public static MJMaskArea? Rectangle(MJSize image, int[] numbers) => numbers is [var x, var y, var width and > 0, var height and > 0]
        && (long)x + width <= int.MaxValue && (long)y + height <= int.MaxValue
        ? Polygon(image, [x, y, x + width, y, x + width, y + height, x, y + height]) : null;

    public static MJMaskArea Polygon(MJSize image, int[] points) => new() { Width = image.Width, Height = image.Height, Points = points };

    private static MJMask FromText(string name, string text)
    {
        if (text.IndexOf("//", StringComparison.Ordinal) >= 0) return new MJMask { Url = text };
        MJSize? image = null;
        var areas = new List<MJMaskArea>();
        foreach (var part in text.Split(';'))
        {
            var match = Form.Match(part);
            // A size applies to all areas after it.
            if (match.Success && match.Groups["size"].Success) image = PixelSize.FromText(match.Groups["size"].Value);
            var numbers = match.Success ? Numbers(match.Groups["numbers"].Value) : null;
            var area = image is null || numbers is null ? null : numbers.Length == RectangleNumbers ? Rectangle(image, numbers) : Polygon(image, numbers);
            areas.Add(area ?? throw ParameterText.Invalid(Messages.NotAMask(name, text)));
        }
        return new MJMask { Areas = [.. areas] };
    }

    private static MJMask FromObject(string name, PSObject source)
    {
        if (source.BaseObject is MJMask mask) return mask;
        return new MJMask
        {
            Url = PSValue.Property(source, "url") is { } url && !PSValue.IsBlank(url) ? Convert.ToString(url, CultureInfo.InvariantCulture)!.Trim() : null,
            // Clixml and jobs convert deeply nested objects to text.
            Areas = [.. PSValue.Items(PSValue.Property(source, "areas")).SelectMany(a => PSValue.AsText(a) is { } text ? FromText(name, text).Areas : [Area(name, a)])],
        };
    }

    private static MJMaskArea Area(string name, object? value)
    {
        var source = value is null ? null : PSObject.AsPSObject(value);
        var points = source is null ? [] : PSValue.Items(PSValue.Property(source, "points")).Select(PSValue.Integer).ToArray();
        return source is not null && PSValue.Integer(source, "width") is { } width && PSValue.Integer(source, "height") is { } height && points.All(p => p is not null)
            ? new MJMaskArea { Width = width, Height = height, Points = [.. points.Select(p => p!.Value)] }
            : throw ParameterText.Invalid(Messages.NotAMask(name, $"{value}"));
    }
}

/// <summary>Validates a mask (models page: <c>mask</c>), so that no task with an invalid mask is billed.</summary>
internal static class MaskRules
{
    private const int MinSide = 500, MaxSide = 4096, MinNumbers = 6;

    /// <exception cref="GatewayException">The mask is invalid.</exception>
    public static void Check(string name, MJMask mask)
    {
        if (mask.Url is null && mask.Areas.Length == 0) throw ParameterText.Invalid(Messages.MaskEmpty(name));
        if (mask.Url is not null && mask.Areas.Length > 0) throw ParameterText.Invalid(Messages.MaskAmbiguous(name));
        if (mask.Url is not null && !WebAddress.IsOne(mask.Url)) throw ParameterText.Invalid(Messages.NotAWebAddress(name, mask.Url));
        foreach (var area in mask.Areas) Check(name, area);
    }

    private static void Check(string name, MJMaskArea area)
    {
        if (area.Width is < MinSide or > MaxSide || area.Height is < MinSide or > MaxSide)
            throw ParameterText.Invalid(Messages.MaskSize(name, area, MinSide, MaxSide));
        var points = area.Points;
        if (points.Length < MinNumbers || points.Length % 2 != 0) throw ParameterText.Invalid(Messages.MaskNumberCount(name, area));
        for (var i = 0; i < points.Length; i += 2)
            if (points[i] < 0 || points[i] > area.Width || points[i + 1] < 0 || points[i + 1] > area.Height)
                throw ParameterText.Invalid(Messages.MaskCornerOutside(name, area, points[i], points[i + 1]));
        if (IsFlat(points)) throw ParameterText.Invalid(Messages.MaskFlat(name));
    }

    /// <summary>Whether all corners are the same or on one line.</summary>
    private static bool IsFlat(int[] points)
    {
        var other = 2;
        while (other < points.Length && points[other] == points[0] && points[other + 1] == points[1]) other += 2;
        for (var i = other + 2; i < points.Length; i += 2)
            if ((points[other] - points[0]) * (points[i + 1] - points[1]) != (points[other + 1] - points[1]) * (points[i] - points[0])) return false;
        return true;
    }
}
