using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Zooms out of an image: makes more of it around its edges (models page: <c>midjourney_outpaint</c>). Every task made is paid.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJOutpaint", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJOutpaintCommand : ImageEditCmdlet
{
    /// <summary>How far: 1.1 to 2.0 times the size.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument]
    public string? Scale { get; set; }

    /// <summary>A prompt that changes the image: 1 to 8192 characters, sent exactly as given. Empty for none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    internal override string ModelId => "midjourney_outpaint";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() =>
        [new("scale", ParameterText.Number(nameof(Scale), Scale, 1.1m, 2.0m)), .. ParameterText.OptionalPrompt(nameof(RemixPrompt), RemixPrompt)];
}
