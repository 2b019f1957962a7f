using System.Management.Automation;

namespace MidJourney.Tests;

/// <summary>A model that there is not: all that adding one takes is a class like this, and a page.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJReroll", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJRerollCommand : ImageEditCmdlet
{
    /// <summary>How much of the image is left to chance: 0 to 1.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument]
    public string? Chance { get; set; }

    internal override string ModelId => "midjourney_reroll";

    internal override IReadOnlyList<KeyValuePair<string, object?>> ReadParameters() => [new("chance", ParameterText.Number(nameof(Chance), Chance, 0, 1))];
}
