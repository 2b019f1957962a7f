using System.Management.Automation;
using MidJourney.Callbacks;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Makes the pair of addresses for callbacks: the public URL that the gateway calls, and the address to listen on, with the same random secret.</summary>
[Cmdlet(VerbsCommon.New, "MJCallback")]
[OutputType(typeof(MJCallback))]
public sealed class NewMJCallbackCommand : PSCmdlet
{
    /// <summary>The public http or https URL that leads to this computer, through a proxy or a tunnel.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The public URL that leads to this computer, such as https://public.example/mj.")]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(Also = typeof(Uri))]
    public string? Uri { get; set; }

    /// <summary>The address to listen on: a port of this computer, or http://address:port. If it has no path, a random secret becomes its path.</summary>
    [Parameter(Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument]
    public string? ListenOn { get; set; } = "8080";

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var keys = new KeyGuard(SessionStore.Current);
        try
        {
            foreach (var (name, value) in new[] { (nameof(Uri), Uri), (nameof(ListenOn), ListenOn) })
                if (value is not null && keys.IsIn(value)) throw ParameterText.Invalid(Messages.ContainsApiKey(name));
            if (string.IsNullOrWhiteSpace(ListenOn)) throw ParameterText.Invalid(Messages.ParameterMissing(nameof(ListenOn)));
            var listenOn = ListenAddress.Parse(ListenOn!);
            var secret = listenOn.Path ?? "/" + CallbackTokens.NewSecret();
            WriteObject(new MJCallback { Callback = PublicAddress() + secret + "/" + CallbackTokens.Placeholder, ListenOn = listenOn.At(secret) });
        }
        catch (GatewayException e)
        {
            // A command that uses the addresses must not continue without them.
            ThrowTerminatingError(keys.Redact(ErrorCatalog.Record(e, null)));
        }
    }

    private string PublicAddress()
    {
        var given = ParameterText.Address(nameof(Uri), Uri).TrimEnd('/');
        // A user may copy it from a -Callback. It is added after the secret.
        const string end = "/" + CallbackTokens.Placeholder;
        if (given.EndsWith(end, StringComparison.OrdinalIgnoreCase)) given = given.Substring(0, given.Length - end.Length);
        return given.IndexOfAny(['?', '#']) < 0 ? given : throw ParameterText.Invalid(Messages.CallbackHasQuery(nameof(Uri)));
    }
}
