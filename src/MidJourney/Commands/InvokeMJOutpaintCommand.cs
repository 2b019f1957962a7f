using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Zooms out of an image (models page: <c>midjourney_outpaint</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJOutpaint", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Arguments)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJOutpaintCommand : ImageEditCmdlet
{
    /// <summary>The zoom factor, from 1.1 to 2.0.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The zoom factor, from 1.1 to 2.0.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument]
    public string? Scale;

    /// <summary>A prompt that changes the image: 1 to 8192 characters, sent exactly as given. Empty: no prompt.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.RemixPrompt)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    internal override string ModelId => "midjourney_outpaint";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() =>
        [new("scale", ParameterText.Number(nameof(Scale), Scale, 1.1m, 2.0m)), .. ParameterText.OptionalPrompt(nameof(RemixPrompt), RemixPrompt)];
}
