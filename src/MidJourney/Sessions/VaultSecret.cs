using System.Management.Automation;
using System.Net;
using System.Security;
using MidJourney.Parameters;

namespace MidJourney.Sessions;

/// <summary>Reads a key with Get-Secret, from whichever vault the user has registered. The module does not depend on the one that has this command.</summary>
internal static class VaultSecret
{
    private const string GetSecret = "Get-Secret";

    /// <exception cref="CommandException">The command or the secret is not there, or the secret cannot be a key. The secret is not shown.</exception>
    public static SecureString Read(CommandInvocationIntrinsics commands, string name, string? vault)
    {
        var command = commands.GetCommand(GetSecret, CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias)
            ?? throw Error(Messages.SecretCommandMissing(GetSecret), Messages.SecretCommandMissingAdvice());
        return PSValue.Unwrap(Invoke(command, name, vault)) switch
        {
            SecureString secure => secure,
            string text => new NetworkCredential("", text).SecurePassword,
            PSCredential credential => credential.Password,
            null => throw Error(Messages.SecretNotFound(name, vault, null)),
            var other => throw Error(Messages.SecretType(name, other), Messages.SecretTypeAdvice()),
        };
    }

    private static PSObject? Invoke(CommandInfo command, string name, string? vault)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(command).AddParameter("Name", name).AddParameter("ErrorAction", ActionPreference.Stop);
        if (vault is not null) shell.AddParameter("Vault", vault);
        try
        {
            return shell.Invoke().FirstOrDefault();
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw Error(Messages.SecretNotFound(name, vault, (e as ActionPreferenceStopException)?.ErrorRecord?.Exception.Message ?? e.Message));
        }
    }

    private static CommandException Error(string message, string? advice = null) => new(ErrorIds.SecretNotRead, message) { Advice = advice };
}
