using System.Management.Automation;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Creates a mask from rectangles, polygons or the URL of an image, and validates it. Makes no network requests and costs nothing.</summary>
[Cmdlet(VerbsCommon.New, "MJMask", DefaultParameterSetName = OfAreas)]
[OutputType(typeof(MJMask))]
public sealed class NewMJMaskCommand : PSCmdlet
{
    private const string OfAreas = "Areas";

    /// <summary>The size of the image that the areas refer to, such as 1024x1024. Each side must be 500 to 4096 pixels long.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OfAreas, HelpMessage = "The size of the image in pixels, such as 1024x1024.")]
    [AllowNull]
    [AllowEmptyString]
    public object? Size { get; set; }

    /// <summary>Rectangles: x, y, width and height, in pixels. One rectangle: 100,100,300,200. Several: '100,100,300,200', '600,0,100,100'.</summary>
    [Parameter(ParameterSetName = OfAreas)]
    [ValidateNotNullOrEmpty]
    public string[]? Rectangle { get; set; }

    /// <summary>Polygons: x and y of each corner, in pixels, with at least 3 corners. One polygon: 0,0,500,0,0,500. Several: one string each.</summary>
    [Parameter(ParameterSetName = OfAreas)]
    [ValidateNotNullOrEmpty]
    public string[]? Polygon { get; set; }

    /// <summary>The http or https URL of a black and white image. Its white part is regenerated.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Url", HelpMessage = "The URL of a black-and-white image.")]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? Url { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            WriteObject(ParameterSetName == OfAreas ? FromAreas(PixelSize.Read(nameof(Size), Size)) : MaskText.Require(nameof(Url), new MJMask { Url = Url?.Trim() }));
        }
        catch (GatewayException e)
        {
            // A command that uses the mask must not continue without it.
            ThrowTerminatingError(new KeyGuard(SessionStore.Current).Redact(ErrorCatalog.Record(e, null)));
        }
    }

    private MJMask FromAreas(MJSize image)
    {
        var rectangles = Shapes(Rectangle).Select(r => MaskText.Numbers(r) is { } numbers && MaskText.Rectangle(image, numbers) is { } area
            ? area : throw ParameterText.Invalid(Messages.NotARectangle(nameof(Rectangle), r))).ToList();
        var mask = new MJMask
        {
            Areas = [.. rectangles, .. Shapes(Polygon).Select(p => MaskText.Numbers(p) is { } numbers
                ? MaskText.Polygon(image, numbers) : throw ParameterText.Invalid(Messages.NotAPolygon(nameof(Polygon), p)))],
        };
        MaskRules.Check(Polygon is null ? nameof(Rectangle) : nameof(Polygon), mask);
        return mask;
    }

    /// <summary>Separate numbers are one shape.</summary>
    private static string[] Shapes(string[]? given) => given is null ? []
        : given.Length > 1 && given.All(g => PSValue.Integer(g) is not null) ? [string.Join(",", given)] : given;
}
