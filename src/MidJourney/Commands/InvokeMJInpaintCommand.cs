using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Makes a part of an image anew (models page: <c>midjourney_inpaint</c>). Every task made is paid.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJInpaint", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJInpaintCommand : ImageEditCmdlet
{
    /// <summary>Which part: a mask of New-MJMask, the address of a black and white image, or areas as text, as in "1024x1024: 100,100,300,200".</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? Mask { get; set; }

    /// <summary>What is to be there: 1 to 8192 characters, sent exactly as given. Empty for none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    internal override string ModelId => "midjourney_inpaint";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() =>
        [new("mask", MaskText.Require(nameof(Mask), Mask)), .. ParameterText.OptionalPrompt(nameof(RemixPrompt), RemixPrompt)];
}
