using System.Management.Automation;

namespace MidJourney.Commands;

/// <summary>Puts out the runspace's default session with its counters; nothing when there is none.</summary>
[Cmdlet(VerbsCommon.Get, "MJSession")]
[OutputType(typeof(MJSession))]
public sealed class GetMJSessionCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (SessionStore.Current is { } session) WriteObject(session);
    }
}
