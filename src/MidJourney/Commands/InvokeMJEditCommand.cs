using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Places an image on a canvas of another size, and fills in the rest (models page: <c>midjourney_edit</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJEdit", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Arguments)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJEditCommand : ImageEditCmdlet
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

    /// <summary>A description of the result: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The prompt that describes the result.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.RemixPrompt)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt;

    /// <summary>The part of the image to regenerate: a mask from New-MJMask, the URL of a black and white image, or areas as text, such as "1024x1024: 100,100,300,200". Empty: no mask.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? Mask { get; set; }

    internal override string ModelId => "midjourney_edit";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters()
    {
        var canvas = PixelSize.Read(nameof(Canvas), Canvas);
        List<KeyValuePair<string, object?>> parameters =
        [
            new("canvas", canvas),
            new("imgPos", Parameters.ImagePosition.Read(nameof(ImagePosition), ImagePosition, canvas)),
            new(ParameterText.RemixPrompt, ParameterText.Prompt(nameof(RemixPrompt), RemixPrompt)),
        ];
        if (MaskText.Read(nameof(Mask), Mask) is { } mask) parameters.Add(new("mask", mask));
        return parameters;
    }
}
