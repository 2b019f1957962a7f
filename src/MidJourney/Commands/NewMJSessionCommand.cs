using System.Management.Automation;
using System.Net;
using System.Security;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Opens a session and makes it the runspace's default.</summary>
[Cmdlet(VerbsCommon.New, "MJSession", DefaultParameterSetName = FromKey)]
[OutputType(typeof(MJSession))]
public sealed class NewMJSessionCommand : PSCmdlet
{
    private const string FromKey = "Key", FromSecret = "Secret";

    /// <summary>The API key. The default is the environment variable MIDJOURNEY_API_KEY or VTRIX_API_KEY.</summary>
    [Parameter(Position = 0, ParameterSetName = FromKey)]
    [ApiKeyTransformation]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>The name of the secret that is the API key: Get-Secret of the module Microsoft.PowerShell.SecretManagement supplies it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromSecret, HelpMessage = "The name under which the API key is stored in a vault.")]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>The vault that has the secret. The default is the first one that has a secret with this name.</summary>
    [Parameter(ParameterSetName = FromSecret)]
    [ValidateNotNullOrEmpty]
    public string? VaultName { get; set; }

    /// <summary>The address of the gateway. The default is the environment variable MIDJOURNEY_BASE_URI, or the provider's address.</summary>
    [Parameter]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? BaseUri { get; set; }

    /// <summary>The name of the account that the key belongs to: 1 to 64 printable characters. The default is the environment variable MIDJOURNEY_ACCOUNT.</summary>
    [Parameter]
    [TextArgument]
    [ValidateNotNull]
    public string? Account { get; set; }

    /// <summary>The maximum number of requests in flight.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>The maximum number of requests per second. 0: no fixed limit.</summary>
    [Parameter]
    [ValidateRange(0.0, 100000.0)]
    public double MaxRequestsPerSecond { get; set; }

    /// <summary>The maximum duration of a request, in seconds.</summary>
    [Parameter]
    [ValidateRange(0.1, 3600.0)]
    public double RequestTimeoutSec { get; set; } = 30;

    /// <summary>How long to keep retrying throttled requests while none succeeds, and submissions while the gateway cannot be reached, in seconds. 0: do not retry.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double RetryTimeoutSec { get; set; } = 300;

    /// <summary>The proxy. The default is the system proxy. A user name and password in the address are used as its credentials.</summary>
    [Parameter]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and password for the proxy.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Sign in to the proxy as the current user.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Allow plain http to another machine.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    /// <summary>The file in which submissions are recorded. The default is the environment variable MIDJOURNEY_JOURNAL_PATH, or a file in the user's profile.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Keep no journal file. Only this session knows its paid work, and tasks that were not returned are lost when the process ends.</summary>
    [Parameter]
    public SwitchParameter NoJournal { get; set; }

    /// <summary>How long completed work is returned instead of billed again: a time span or a number of hours. 0: not at all.</summary>
    [Parameter]
    [HoursArgument]
    public TimeSpan DuplicateWindow { get; set; } = DuplicatePolicy.DefaultWindow;

    /// <summary>The maximum that this session may spend, in US dollars. 0: nothing. Without this parameter, there is no limit.</summary>
    [Parameter]
    [AmountArgument]
    [ValidateNotNull]
    public decimal? MaxCost { get; set; }

    /// <summary>With -MaxCost: the price in US dollars to assume for each task, if no higher one is known.</summary>
    [Parameter]
    [AmountArgument]
    [ValidateNotNull]
    public decimal? AssumedCost { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        TypeData.Tell();
        try
        {
            var address = Address();
            var session = SessionFactory.Create(Key(), new GatewayOptions
            {
                BaseUri = address,
                KeySource = SecretName is not null ? Messages.SecretSource(SecretName) : ApiKey is null ? SessionEnvironment.KeySource : "-" + nameof(ApiKey),
                ThrottleLimit = ThrottleLimit,
                MaxRequestsPerSecond = MaxRequestsPerSecond,
                RequestTimeout = TimeSpan.FromSeconds(RequestTimeoutSec),
                RetryTimeout = TimeSpan.FromSeconds(RetryTimeoutSec),
                Proxy = ProxyToUse(address),
                Journal = JournalToUse(),
                IsJournalRequired = JournalPath is not null || (!NoJournal && SessionFactory.IsJournalNamed),
                DuplicateWindow = DuplicateWindow,
                Budget = SessionFactory.Budget(MaxCost, AssumedCost),
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

    private SecureString Key() => SecretName is not null ? VaultSecret.Read(InvokeCommand, SecretName, VaultName) : ApiKey
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
