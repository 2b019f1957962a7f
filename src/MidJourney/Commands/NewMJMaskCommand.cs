using System.Management.Automation;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Makes a mask of rectangles, polygons or the address of an image, and checks it. It asks nobody and costs nothing.</summary>
[Cmdlet(VerbsCommon.New, "MJMask", DefaultParameterSetName = OfAreas)]
[OutputType(typeof(MJMask))]
public sealed class NewMJMaskCommand : PSCmdlet
{
    private const string OfAreas = "Areas";

    /// <summary>The size of the image that the areas are on, as in 1024x1024: each side 500 to 4096 pixels.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OfAreas)]
    [AllowNull]
    [AllowEmptyString]
    public object? Size { get; set; }

    /// <summary>Rectangles: x, y, width and height in pixels. One as 100,100,300,200; several as texts, '100,100,300,200', '600,0,100,100'.</summary>
    [Parameter(ParameterSetName = OfAreas)]
    [ValidateNotNullOrEmpty]
    public string[]? Rectangle { get; set; }

    /// <summary>Polygons: x and y of each corner in pixels, at least 3. One as 0,0,500,0,0,500; several as texts.</summary>
    [Parameter(ParameterSetName = OfAreas)]
    [ValidateNotNullOrEmpty]
    public string[]? Polygon { get; set; }

    /// <summary>The address of a black and white image, http or https; what is white is made anew.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Url")]
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
            // A create that this was meant for must not go on without it.
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

    /// <summary>Bare numbers come one by one, and are one shape.</summary>
    private static string[] Shapes(string[]? given) => given is null ? []
        : given.Length > 1 && given.All(g => GivenValue.Whole(g) is not null) ? [string.Join(",", given)] : given;
}
