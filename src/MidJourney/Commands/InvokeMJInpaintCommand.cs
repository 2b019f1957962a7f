using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Regenerates part of an image (models page: <c>midjourney_inpaint</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJInpaint", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Arguments)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJInpaintCommand : ImageEditCmdlet
{
    /// <summary>The part of the image to regenerate: a mask from New-MJMask, the URL of a black and white image, or areas as text, such as "1024x1024: 100,100,300,200".</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The part of the image to regenerate: areas such as 1024x1024: 100,100,300,200 (x, y, width and height of a rectangle), or the URL of a black-and-white image.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? Mask;

    /// <summary>A description of the new content: 1 to 8192 characters, sent exactly as given. Empty: no prompt.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.RemixPrompt)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    internal override string ModelId => "midjourney_inpaint";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() =>
        [new("mask", MaskText.Require(nameof(Mask), Mask)), .. ParameterText.OptionalPrompt(nameof(RemixPrompt), RemixPrompt)];
}
