using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Makes four variations of an image (models page: <c>midjourney_variation</c>). Every task made is paid.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJVariation", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJVariationCommand : ImageEditCmdlet
{
    /// <summary>How far they may differ: Subtle or Strong, or 0 and 1.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(StrengthCompleter))]
    [TextArgument(Also = typeof(Enum))]
    public string? Type { get; set; }

    /// <summary>A prompt that changes the image: 1 to 8192 characters, sent exactly as given. Empty for none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    internal override string ModelId => "midjourney_variation";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() =>
        [new("type", ParameterText.Name(nameof(Type), Type, "Subtle", "Strong")), .. ParameterText.OptionalPrompt(nameof(RemixPrompt), RemixPrompt)];
}
