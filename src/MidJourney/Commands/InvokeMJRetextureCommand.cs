using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>Gives the user's own image a new look, and keeps its shapes (models page: <c>midjourney_retexture</c>). Each task is billed.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJRetexture", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Arguments)]
[OutputType(typeof(MJTask), typeof(MJEstimate))]
public sealed class InvokeMJRetextureCommand : OwnImageCmdlet
{
    internal override string ModelId => "midjourney_retexture";
}
