using System.Management.Automation;
using System.Net;
using System.Security;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Makes a session, and the runspace's default of it.</summary>
[Cmdlet(VerbsCommon.New, "MJSession")]
[OutputType(typeof(MJSession))]
public sealed class NewMJSessionCommand : PSCmdlet
{
    /// <summary>The API key; without it, MIDJOURNEY_API_KEY or VTRIX_API_KEY of the environment.</summary>
    [Parameter(Position = 0)]
    [ApiKeyTransformation]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>Where the gateway is; without it, MIDJOURNEY_BASE_URI of the environment, or the provider's own address.</summary>
    [Parameter]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? BaseUri { get; set; }

    /// <summary>The name of the account that the key belongs to: 1 to 64 printable characters; without it, MIDJOURNEY_ACCOUNT of the environment.</summary>
    [Parameter]
    [TextArgument]
    [ValidateNotNull]
    public string? Account { get; set; }

    /// <summary>Requests in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>Requests a second at most; 0 for no cap.</summary>
    [Parameter]
    [ValidateRange(0.0, 100000.0)]
    public double MaxRequestsPerSecond { get; set; }

    /// <summary>Seconds one request may take.</summary>
    [Parameter]
    [ValidateRange(0.1, 3600.0)]
    public double RequestTimeoutSec { get; set; } = 30;

    /// <summary>Seconds for which requests that the gateway puts off are repeated while none gets through; 0 for never.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double RetryTimeoutSec { get; set; } = 300;

    /// <summary>The proxy; without it, the system's. A user name and password in the address are taken as -ProxyCredential.</summary>
    [Parameter]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The user at the proxy.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Sign in at the proxy as the current user.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Send the key over plain http to another machine.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    /// <summary>The file in which creates are written down; without it, MIDJOURNEY_JOURNAL_PATH of the environment, or the user's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Write down nothing: what was paid is known to this session alone, and a task is lost when its process ends early.</summary>
    [Parameter]
    public SwitchParameter NoJournal { get; set; }

    /// <summary>For how long work counts as just paid, so that its task is returned instead of paid again: a time span, or hours; 0 for not at all.</summary>
    [Parameter]
    [HoursArgument]
    public TimeSpan DuplicateWindow { get; set; } = DuplicatePolicy.DefaultWindow;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            var address = Address();
            var session = SessionFactory.Create(Key(), new GatewayOptions
            {
                BaseUri = address,
                ThrottleLimit = ThrottleLimit,
                MaxRequestsPerSecond = MaxRequestsPerSecond,
                RequestTimeout = TimeSpan.FromSeconds(RequestTimeoutSec),
                RetryTimeout = TimeSpan.FromSeconds(RetryTimeoutSec),
                Proxy = ProxyToUse(address),
                Journal = JournalToUse(),
                IsJournalRequired = JournalPath is not null || (!NoJournal && SessionFactory.IsJournalNamed),
                DuplicateWindow = DuplicateWindow,
                Account = SessionFactory.Account(Account),
            });
            SessionStore.Set(session);
            WriteObject(session);
        }
        catch (CommandException e)
        {
            ThrowTerminatingError(ErrorCatalog.Record(e, null));
        }
    }

    private SecureString Key() => ApiKey
        ?? (SessionEnvironment.ApiKey is { } key ? new NetworkCredential("", key).SecurePassword
            : throw new CommandException(ErrorIds.NoSession, Messages.NoApiKey()));

    private Uri Address()
    {
        var address = BaseUri ?? SessionFactory.EnvironmentAddress();
        SessionFactory.CheckAddress(address, AllowInsecure);
        return address;
    }

    private TaskJournal JournalToUse()
    {
        if (JournalPath is null) return NoJournal ? TaskJournal.InMemory() : SessionFactory.Journal();
        if (NoJournal) throw new CommandException(ErrorIds.InvalidJournalPath, Messages.JournalPathAndNoJournal());
        return SessionFactory.JournalAt(FilePath.Resolve(SessionState, JournalPath, ErrorIds.InvalidJournalPath));
    }

    private WebProxy? ProxyToUse(Uri gateway)
    {
        if (Proxy is null)
            return ProxyCredential is null && !ProxyUseDefaultCredentials ? null : throw new CommandException(ErrorIds.InvalidProxy, Messages.ProxyMissing());
        if (!Proxy.IsAbsoluteUri || Proxy.Scheme != Uri.UriSchemeHttp)
            throw new CommandException(ErrorIds.InvalidProxy, Messages.ProxyNotHttp());
        if (GatewayProxy.IsThisMachine(gateway))
            throw new CommandException(ErrorIds.InvalidProxy, Messages.ProxyForLocalGateway());
        var user = GatewayProxy.CredentialOf(Proxy);
        if ((user is null ? 0 : 1) + (ProxyCredential is null ? 0 : 1) + (ProxyUseDefaultCredentials ? 1 : 0) > 1)
            throw new CommandException(ErrorIds.InvalidProxy, Messages.ProxyCredentialsTwice());
        return new WebProxy(GatewayProxy.WithoutUser(Proxy))
        {
            UseDefaultCredentials = ProxyUseDefaultCredentials,
            Credentials = user ?? ProxyCredential?.GetNetworkCredential() ?? (ProxyUseDefaultCredentials ? CredentialCache.DefaultCredentials : null),
        };
    }
}
