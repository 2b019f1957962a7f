using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Generates four variations of an image (models page: <c>midjourney_variation</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJVariation", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Arguments)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJVariationCommand : ImageEditCmdlet
{
    /// <summary>How much the variations differ from the image: Subtle or Strong, or 0 or 1.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "How much the variations differ from the image: Subtle or Strong.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(StrengthCompleter))]
    [TextArgument(Also = typeof(Enum))]
    public string? Type;

    /// <summary>A prompt that changes the image: 1 to 8192 characters, sent exactly as given. Empty: no prompt.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.RemixPrompt)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt { get; set; }

    internal override string ModelId => "midjourney_variation";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() =>
        [new("type", ParameterText.Name(nameof(Type), Type, "Subtle", "Strong")), .. ParameterText.OptionalPrompt(nameof(RemixPrompt), RemixPrompt)];
}
