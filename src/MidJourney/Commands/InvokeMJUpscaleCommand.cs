using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Upscales images of finished MidJourney jobs (contract: <c>midjourney_upscale</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJUpscale", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Arguments)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJUpscaleCommand : ImageEditCmdlet
{
    /// <summary>The type of upscale: Standard (which MidJourney calls Subtle), Creative, V5_2x or V5_4x, or 0 to 3.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParameterSets.Arguments, HelpMessage = "How to upscale: Standard (which MidJourney calls Subtle), Creative, V5_2x or V5_4x.")]
    [Parameter(ParameterSetName = ParameterSets.Pipeline, ValueFromPipelineByPropertyName = true)]
    [Alias(FieldNames.UpscaleType, FieldNames.UpscaleTypeOfWire)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(UpscaleTypeCompleter))]
    [TextArgument(Also = typeof(Enum))]
    public string? Type;

    internal override string ModelId => ModelIds.Upscale;

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() => [new("type", UpscaleType.NumberOf(UpscaleTypeName.Parse(Type)))];

    internal override string? ReadUpscaleType() => UpscaleTypeName.Parse(Type);

    internal override string ActionOf(MJSubmission submission) => Messages.CreateUpscale();
}
