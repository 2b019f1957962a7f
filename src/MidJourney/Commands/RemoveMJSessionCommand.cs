using System.Management.Automation;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Ends sessions: the given ones, or the runspace's default. Tasks at the gateway are not touched.</summary>
[Cmdlet(VerbsCommon.Remove, "MJSession")]
public sealed class RemoveMJSessionCommand : PSCmdlet
{
    /// <summary>The sessions to end; without it, the default one.</summary>
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
