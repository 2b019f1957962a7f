using System.Management.Automation;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Returns the runspace's default session with its counters, or nothing if there is none.</summary>
[Cmdlet(VerbsCommon.Get, "MJSession")]
[OutputType(typeof(MJSession))]
public sealed class GetMJSessionCommand : PSCmdlet
{
    /// <summary>Return every open session of the runspace, the default session first.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (All) WriteObject(SessionStore.Here.All, enumerateCollection: true);
        else if (SessionStore.Current is { } session) WriteObject(session);
    }
}
