using System.Management.Automation;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>
/// Returns the runspace's default session with its counters. If there is none, returns what a session from the environment would use, as one that is not open.
/// </summary>
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
        TypeData.Tell();
        if (All) WriteObject(SessionStore.Here.All, enumerateCollection: true);
        else
        {
            try { WriteObject(SessionStore.Current ?? SessionFactory.NeverOpened()); }
            catch (CommandException e) { WriteError(ErrorCatalog.Record(e, null)); }
        }
    }
}
