using System.Management.Automation;
using MidJourney.Commands.Shared;

namespace MidJourney.Commands;

/// <summary>Gives an image of yours another look, and keeps its shapes (models page: <c>midjourney_retexture</c>). Every task made is paid.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "MJRetexture", SupportsShouldProcess = true)]
[OutputType(typeof(MJTask))]
public sealed class InvokeMJRetextureCommand : OwnImageCmdlet
{
    internal override string ModelId => "midjourney_retexture";
}
