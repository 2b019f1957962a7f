using System.Net;

namespace MidJourney;

/// <summary>Makes the real transport. What it sets, it sets on its own handler and endpoint, never for the whole process.</summary>
internal static class HttpHandlers
{
    /// <summary>For results: whoever uses it decides about redirects.</summary>
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
            // Short enough that a create seldom meets a connection which the other side has just given up.
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
