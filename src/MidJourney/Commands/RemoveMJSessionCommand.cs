using System.Management.Automation;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Ends the specified sessions, or the runspace's default session. Tasks at the gateway are not affected.</summary>
[Cmdlet(VerbsCommon.Remove, "MJSession")]
public sealed class RemoveMJSessionCommand : PSCmdlet
{
    /// <summary>The sessions to end. The default is the runspace's default session.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SessionArgument]
    [ValidateNotNull]
    public MJSession[]? Session { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Session is null) SessionStore.Current?.Dispose();
        else foreach (var session in Session) session.Dispose();
    }
}
