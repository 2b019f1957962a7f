using System.Net;
using System.Text;

namespace MidJourney.Gateway;

/// <summary>
/// The proxy that requests go through: the given one, or the system's. It is never used for this machine itself, where the
/// key would leave in the clear for a proxy, and its address never holds a password, because the framework quotes it.
/// </summary>
internal sealed class GatewayProxy : IWebProxy, ICredentials
{
    /// <summary>A shorter password is hidden only together with its user: by itself it may well be part of an honest text.</summary>
    private const int LeastLength = 4;

    private static readonly string[] Variables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

    private readonly IWebProxy? _proxy;

    /// <summary>What the proxy's own address said.</summary>
    private NetworkCredential? _ofAddress;

    /// <param name="proxy">The given proxy; null for the system's.</param>
    internal GatewayProxy(IWebProxy? proxy) =>
#if NET
        _proxy = proxy ?? HttpClient.DefaultProxy;
#else
        _proxy = proxy ?? WebRequest.DefaultWebProxy;
#endif

    /// <summary>
    /// Where requests need no tunnel, and so bring their user along: the framework would send a create first without
    /// it, and then again.
    /// </summary>
    internal string? Authorization { get; private set; }

    /// <inheritdoc/>
    ICredentials? IWebProxy.Credentials
    {
        get => Authorization is null ? this : null;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public NetworkCredential? GetCredential(Uri uri, string authType) => _proxy?.Credentials?.GetCredential(uri, authType) ?? _ofAddress;

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        if (IsThisMachine(destination)) return Direct(destination);
        var address = _proxy?.GetProxy(destination);
        if (address is null || address.UserInfo.Length == 0) return address;
        _ofAddress = CredentialOf(address);
        return WithoutUser(address);
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => IsThisMachine(host) || _proxy is null || _proxy.IsBypassed(host);

    /// <summary>Whether an address is this machine's own, so that no proxy can be meant.</summary>
    /// <param name="uri">The address.</param>
    public static bool IsThisMachine(Uri uri)
    {
        if (uri.IsLoopback) return true;
        var host = uri.DnsSafeHost.TrimEnd('.');
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)) return true;
        if (!IPAddress.TryParse(host, out var address)) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
    }

    /// <summary>The user and password that an address holds, without percent-encoding; null when it holds none.</summary>
    /// <param name="address">The address, perhaps of a proxy.</param>
    public static NetworkCredential? CredentialOf(Uri address)
    {
        if (address.UserInfo.Length == 0) return null;
        var parts = address.UserInfo.Split([':'], 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    /// <summary>An address without its user and password.</summary>
    /// <param name="address">The address.</param>
    public static Uri WithoutUser(Uri address) => new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    /// <summary>The proxy for all requests to one place.</summary>
    internal static GatewayProxy For(IWebProxy? proxy, Uri destination)
    {
        var made = new GatewayProxy(proxy);
        // The current user's own credentials have no name that could be read, and take several messages.
        if (destination.Scheme == Uri.UriSchemeHttp && !made.IsBypassed(destination) && made.GetProxy(destination) is { } address
            && made.GetCredential(address, "Basic") is { UserName.Length: > 0 } credential) made.Authorization = Basic(credential);
        return made;
    }

    private static string Basic(NetworkCredential credential) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Password}"));

    /// <summary>Whether a request failed because the proxy does not accept its user: trying again would only lock that user out.</summary>
    internal static bool IsRefusal(Exception e)
    {
        for (var fault = e; fault is not null; fault = fault.InnerException)
        {
            if (fault is WebException { Response: HttpWebResponse { StatusCode: HttpStatusCode.ProxyAuthenticationRequired } }) return true;
#if NET
            // The status of a tunnel's answer is only in the text, which is English everywhere.
            if (fault is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError or HttpRequestError.UserAuthenticationError } refused
                && (refused.StatusCode == HttpStatusCode.ProxyAuthenticationRequired || refused.Message.Contains("407", StringComparison.Ordinal))) return true;
            if (fault.GetType().Name == "SocksException" && fault.Message.Contains("authenticat", StringComparison.OrdinalIgnoreCase)) return true;
#endif
        }
        return false;
    }

    /// <summary>Every text by which a proxy's password could be told: of the given proxy, and of those that the environment names.</summary>
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
            if (credential.Password.Length < LeastLength) return;
            secrets.Add(credential.Password);
            secrets.Add(Uri.EscapeDataString(credential.Password));
        }
    }

    // A proxy without a scheme is an http one.
    private static Uri? AddressOf(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : Uri.TryCreate(text!.Contains("://") ? text.Trim() : "http://" + text.Trim(), UriKind.Absolute, out var uri) ? uri : null;

    /// <summary>How the framework is told that there is no proxy.</summary>
    private static Uri? Direct(Uri destination) =>
#if NET
        null;
#else
        destination;
#endif
}
