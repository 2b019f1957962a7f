using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Regenerates an image with another prompt (models page: <c>midjourney_remix</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJRemix", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Arguments)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJRemixCommand : ImageEditCmdlet
{
    /// <summary>The prompt that changes the image: 1 to 8192 characters, sent exactly as given.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "The prompt that changes the image.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.RemixPrompt)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? RemixPrompt;

    /// <summary>How much the result differs from the image: Strong (the default) or Subtle, or 0 or 1.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(StrengthCompleter))]
    [TextArgument(Also = typeof(Enum))]
    public string? Mode { get; set; }

    internal override string ModelId => "midjourney_remix";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters()
    {
        KeyValuePair<string, object?> prompt = new(ParameterText.RemixPrompt, ParameterText.Prompt(nameof(RemixPrompt), RemixPrompt));
        return string.IsNullOrWhiteSpace(Mode) ? [prompt] : [prompt, new("mode", ParameterText.Name(nameof(Mode), Mode, "Strong", "Subtle"))];
    }
}
