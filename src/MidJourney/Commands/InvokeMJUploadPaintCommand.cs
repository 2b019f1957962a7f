using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Puts an image of yours on a canvas, and makes a part of it anew (models page: <c>midjourney_uploadpaint</c>). Every task made is paid.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJUploadPaint", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJUploadPaintCommand : OwnImageCmdlet
{
    /// <summary>The size of the result in pixels, as in 2048x1024.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? Canvas { get; set; }

    /// <summary>The size of the image on the canvas, as in 1024x1024, which centres it, or with the place of its upper left corner, as in 1024x1024+512+0. Without it: square, as large as fits, in the middle.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? ImgPos { get; set; }

    /// <summary>Which part is made anew: a mask of New-MJMask, the address of a black and white image, or areas as text, as in "1024x1024: 100,100,300,200".</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? Mask { get; set; }

    internal override string ModelId => "midjourney_uploadpaint";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters()
    {
        var canvas = PixelSize.Read(nameof(Canvas), Canvas);
        return [new("canvas", canvas), new("imgPos", ImagePosition.Read(nameof(ImgPos), ImgPos, canvas)), new("mask", MaskText.Require(nameof(Mask), Mask))];
    }
}
