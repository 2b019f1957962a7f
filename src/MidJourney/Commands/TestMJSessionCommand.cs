using System.Collections;
using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Gateway;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>
/// Tests everything between the user and the gateway. It is free: the only request reads a task that does not exist, is sent once, and is never repeated.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "MJSession")]
[OutputType(typeof(MJCheck), typeof(bool))]
public sealed class TestMJSessionCommand : GatewayCmdlet
{
    /// <summary>Return only whether all checks are ok: true or false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    // Each missing part is a failed check.
    private protected override bool NeedsSessionAtOnce => false;

    private protected override bool IsAwaited => true;

    private protected override void Complete()
    {
        using var parts = FindParts();
        var (probe, proxy, journal) = Await(stopping => TestAsync(parts, stopping));
        var checks = new SessionChecks(parts, probe, proxy).All().Append(journal).Append(SessionChecks.OfModule()).Append(PowerShellVersion())
            .Select(c => new MJCheck { Name = c.Name, Status = c.Status, Detail = Shown(c.Detail, parts), Action = Shown(c.Action, parts) }).ToList();
        // A response without a date says nothing about the session.
        if (Quiet) WriteObject(checks.TrueForAll(c => c.Status == SessionChecks.Ok || (c.Status == SessionChecks.Skipped && c.Name == SessionChecks.Clock)));
        else foreach (var check in checks) WriteObject(check);
    }

    /// <summary>Of the session that other cmdlets would use; if there cannot be one, of the environment.</summary>
    private SessionParts FindParts()
    {
        if (Session is not null) return new SessionParts(CurrentSession);
        try { SessionStore.Require(); }
        catch (CommandException) { return new SessionParts(); }
        return new SessionParts(CurrentSession);
    }

    private string Shown(string text, SessionParts parts) => SafeText.Printable(Redact(parts.Client?.Redact(text) ?? text));

    /// <summary>The journal may be on a share that is slow, so nothing waits for the other.</summary>
    private async Task<(GatewayProbe? Probe, Uri? Proxy, MJCheck Journal)> TestAsync(SessionParts parts, CancellationToken stopping)
    {
        var journal = Task.Run(() => SessionChecks.TestJournalAsync(parts, stopping), stopping);
        var proxy = FindProxy(parts.Client);
        var probe = parts.Client is null ? null : await ProbeAsync(parts.Client, parts.HasKey, stopping).ConfigureAwait(false);
        return (probe, proxy, await journal.ConfigureAwait(false));
    }

    private static Uri? FindProxy(GatewayClient? client)
    {
        try { return client?.FindProxy(); }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The request fails as well, and says why.
            return null;
        }
    }

    private async Task<GatewayProbe> ProbeAsync(GatewayClient client, bool withKey, CancellationToken stopping)
    {
        try { return await client.ProbeAsync(withKey, Observer, stopping).ConfigureAwait(false); }
        catch (Exception e) when (e is not (OutOfMemoryException or ClientDisposedException) && !stopping.IsCancellationRequested)
        {
            return new GatewayProbe { Outcome = ProbeOutcome.NotConnected, Cause = ClientMessages.UnexpectedFault(e) };
        }
    }

    private MJCheck PowerShellVersion()
    {
        var table = PSObject.AsPSObject(GetVariableValue("PSVersionTable")).BaseObject as IDictionary;
        return SessionChecks.OfPowerShell(table?["PSVersion"]?.ToString() ?? "", table?["PSEdition"] as string == "Core");
    }
}
