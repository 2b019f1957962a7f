using System.Net;
using System.Text;

namespace MidJourney.Gateway;

/// <summary>
/// The proxy for requests: the given one, or the system's. It is never used for this machine's own addresses, because the key
/// would be sent to the proxy in clear text, and its address never contains a password, because the framework quotes it.
/// </summary>
internal sealed class GatewayProxy : IWebProxy, ICredentials
{
    /// <summary>A shorter password is hidden only together with its user: alone it may be part of an ordinary text.</summary>
    private const int MinLength = 4;

    private static readonly string[] Variables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

    private readonly IWebProxy? _proxy;

    /// <summary>From the proxy's address.</summary>
    private NetworkCredential? _addressCredential;

    /// <param name="proxy">The given proxy; null for the system's.</param>
    internal GatewayProxy(IWebProxy? proxy) =>
#if NET
        _proxy = proxy ?? HttpClient.DefaultProxy;
#else
        _proxy = proxy ?? WebRequest.DefaultWebProxy;
#endif

    /// <summary>
    /// For requests without a tunnel, which carry the proxy user themselves: the framework would send a create without it
    /// first, and then again.
    /// </summary>
    internal string? Authorization { get; private set; }

    /// <inheritdoc/>
    ICredentials? IWebProxy.Credentials
    {
        get => Authorization is null ? this : null;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public NetworkCredential? GetCredential(Uri uri, string authType) => _proxy?.Credentials?.GetCredential(uri, authType) ?? _addressCredential;

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        if (IsThisMachine(destination)) return Direct(destination);
        var address = _proxy?.GetProxy(destination);
        if (address is null || address.UserInfo.Length == 0) return address;
        _addressCredential = CredentialOf(address);
        return WithoutUser(address);
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => IsThisMachine(host) || _proxy is null || _proxy.IsBypassed(host);

    /// <summary>The proxy for an address, without its user; null for none. A system may have to ask a server for it.</summary>
    public Uri? Find(Uri destination) => !IsBypassed(destination) && GetProxy(destination) is { } address && address != destination ? address : null;

    /// <summary>Whether an address is this machine's own.</summary>
    public static bool IsThisMachine(Uri uri)
    {
        if (uri.IsLoopback) return true;
        var host = uri.DnsSafeHost.TrimEnd('.');
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)) return true;
        if (!IPAddress.TryParse(host, out var address)) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
    }

    /// <summary>The user and password in an address, without percent-encoding; null for none.</summary>
    public static NetworkCredential? CredentialOf(Uri address)
    {
        if (address.UserInfo.Length == 0) return null;
        var parts = address.UserInfo.Split([':'], 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    public static Uri WithoutUser(Uri address) => new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    /// <summary>The proxy for all requests to one place.</summary>
    internal static GatewayProxy For(IWebProxy? proxy, Uri destination)
    {
        var made = new GatewayProxy(proxy);
        // The current user's own credentials have no readable name, and need several messages.
        if (destination.Scheme == Uri.UriSchemeHttp && !made.IsBypassed(destination) && made.GetProxy(destination) is { } address
            && made.GetCredential(address, "Basic") is { UserName.Length: > 0 } credential) made.Authorization = Basic(credential);
        return made;
    }

    private static string Basic(NetworkCredential credential) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}"));

    /// <summary>Whether the proxy rejected its user: a retry would only lock that user out.</summary>
    internal static bool IsRefusal(Exception e)
    {
        for (var fault = e; fault is not null; fault = fault.InnerException)
        {
            if (fault is WebException { Response: HttpWebResponse { StatusCode: HttpStatusCode.ProxyAuthenticationRequired } }) return true;
#if NET
            // The status of a tunnel's response is only in the text, which is always English.
            if (fault is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError or HttpRequestError.UserAuthenticationError } refused
                && (refused.StatusCode == HttpStatusCode.ProxyAuthenticationRequired || refused.Message.Contains("407", StringComparison.Ordinal))) return true;
            if (fault.GetType().Name == "SocksException" && fault.Message.Contains("authenticat", StringComparison.OrdinalIgnoreCase)) return true;
#endif
        }
        return false;
    }

    /// <summary>Every text that reveals a proxy's password: of the given proxy, and of those in the environment.</summary>
    internal static string[] SecretsOf(IWebProxy? proxy)
    {
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        if (proxy is WebProxy { Credentials: NetworkCredential given }) Add(given);
        foreach (var variable in Variables)
            if (AddressOf(Environment.GetEnvironmentVariable(variable)) is { } address && CredentialOf(address) is { } credential)
            {
                Add(credential);
                secrets.Add(address.UserInfo);
            }
        return [.. secrets.Where(s => s.Length > 0).OrderByDescending(s => s.Length)];

        void Add(NetworkCredential credential)
        {
            if (credential.Password.Length == 0) return;
            secrets.Add($"{credential.UserName}:{credential.Password}");
            secrets.Add($"{Uri.EscapeDataString(credential.UserName)}:{Uri.EscapeDataString(credential.Password)}");
            secrets.Add(Basic(credential));
            secrets.Add(Convert.ToBase64String(Encoding.GetEncoding("iso-8859-1").GetBytes($"{credential.UserName}:{credential.Password}")));
            if (credential.Password.Length < MinLength) return;
            secrets.Add(credential.Password);
            secrets.Add(Uri.EscapeDataString(credential.Password));
        }
    }

    // A proxy without a scheme is an http one.
    private static Uri? AddressOf(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : Uri.TryCreate(text!.Contains("://") ? text.Trim() : "http://" + text.Trim(), UriKind.Absolute, out var uri) ? uri : null;

    /// <summary>The value that makes the framework bypass proxies.</summary>
    private static Uri? Direct(Uri destination) =>
#if NET
        null;
#else
        destination;
#endif
}
