using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Places the user's own image on a canvas, and regenerates part of it (models page: <c>midjourney_uploadpaint</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJUploadPaint", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Arguments)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJUploadPaintCommand : OwnImageCmdlet
{
    /// <summary>The size of the result in pixels, such as 2048x1024.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The size of the result in pixels, such as 2048x1024.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? Canvas;

    /// <summary>
    /// The size of the image on the canvas, such as 1024x1024 (centred), or its size and the position of its upper left corner, such as
    /// 1024x1024+512+0. The default is a centred square of the largest size that fits.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.ImagePosition, FieldNames.ImagePositionOfWire, FieldNames.ImgPosOfWire)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? ImagePosition { get; set; }

    /// <summary>The part of the image to regenerate: a mask from New-MJMask, the URL of a black and white image, or areas as text, such as "1024x1024: 100,100,300,200".</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The part of the image to regenerate: areas such as 1024x1024: 100,100,300,200 (x, y, width and height of a rectangle), or the URL of a black-and-white image.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? Mask;

    internal override string ModelId => "midjourney_uploadpaint";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters()
    {
        var canvas = PixelSize.Read(nameof(Canvas), Canvas);
        return [new("canvas", canvas), new("imgPos", Parameters.ImagePosition.Read(nameof(ImagePosition), ImagePosition, canvas)), new("mask", MaskText.Require(nameof(Mask), Mask))];
    }
}
