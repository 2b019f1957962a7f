using System.Net;
#if !NET
using System.Security.Authentication;
#endif

namespace MidJourney.Gateway;

/// <summary>Creates the real transport. It changes only its own handler and endpoint, never settings of the process.</summary>
internal static class HttpHandlers
{
    /// <summary>For downloads; the caller handles redirects.</summary>
    public static HttpMessageHandler CreateForFiles(IWebProxy? proxy, int connections)
    {
#if NET
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            MaxConnectionsPerServer = connections,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            Proxy = new GatewayProxy(proxy),
            UseCookies = false,
        };
#else
        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = connections,
            Proxy = new GatewayProxy(proxy),
            SslProtocols = TlsVersions.Allowed,
            UseCookies = false,
        };
#endif
    }

    public static HttpMessageHandler Create(GatewayOptions options, GatewayProxy proxy)
    {
#if NET
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            ConnectTimeout = options.RequestTimeout,
            MaxConnectionsPerServer = options.ThrottleLimit,
            // Short, so that a create seldom uses a connection that the server has just closed.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            Proxy = proxy,
            UseCookies = false,
            UseProxy = true,
        };
#else
        var point = ServicePointManager.FindServicePoint(options.BaseUri, proxy);
        point.Expect100Continue = false;
        point.UseNagleAlgorithm = false;
        point.ConnectionLimit = Math.Max(point.ConnectionLimit, options.ThrottleLimit);
        point.MaxIdleTime = 20_000;
        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            MaxConnectionsPerServer = options.ThrottleLimit,
            Proxy = proxy,
            SslProtocols = TlsVersions.Allowed,
            UseCookies = false,
            UseProxy = true,
        };
#endif
    }
}

#if !NET
/// <summary>
/// The TLS versions for .NET Framework. Its own choice (<see cref="SslProtocols.None"/>) depends on switches of the host
/// program, and may be TLS 1.0.
/// </summary>
internal static class TlsVersions
{
    /// <summary>.NET Framework 4.7.2, which this module is built against, has no name for it.</summary>
    private const SslProtocols Tls13 = (SslProtocols)12288;

    /// <summary>Windows Server 2022; Windows 11 is 22000. Earlier versions have at most a preview.</summary>
    private static readonly Version FirstWithTls13 = new(10, 0, 20348);

    public static readonly SslProtocols Allowed = Of(Environment.OSVersion, Enum.IsDefined(typeof(SslProtocols), Tls13));

    /// <param name="system">The operating system.</param>
    /// <param name="isKnown">Whether the running framework knows TLS 1.3.</param>
    public static SslProtocols Of(OperatingSystem system, bool isKnown) =>
        isKnown && system.Platform == PlatformID.Win32NT && system.Version >= FirstWithTls13 ? SslProtocols.Tls12 | Tls13 : SslProtocols.Tls12;
}
#endif
