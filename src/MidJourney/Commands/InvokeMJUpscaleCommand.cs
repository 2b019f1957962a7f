using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Upscales images of finished MidJourney jobs (contract: <c>midjourney_upscale</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJUpscale", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJUpscaleCommand : ImageEditCmdlet
{
    /// <summary>The type of upscale: Standard, Creative, V5_2x or V5_4x, or 0 to 3.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(UpscaleTypeCompleter))]
    [TextArgument(Also = typeof(Enum))]
    public string? Type { get; set; }

    internal override string ModelId => ModelIds.Upscale;

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() => [new("type", UpscaleType.NumberOf(UpscaleTypeName.Parse(Type)))];

    internal override string? ReadUpscaleType() => UpscaleTypeName.Parse(Type);

    internal override string ActionOf(MJSubmission submission) => Messages.CreateUpscale();
}
