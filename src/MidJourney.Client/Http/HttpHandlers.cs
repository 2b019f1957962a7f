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
            Proxy = proxy,
            UseCookies = false,
        };
#else
        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = connections,
            Proxy = proxy,
            SslProtocols = System.Security.Authentication.SslProtocols.Tls12,
            UseCookies = false,
        };
#endif
    }

    public static HttpMessageHandler Create(GatewayOptions options)
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
            Proxy = options.Proxy,
            UseCookies = false,
            UseProxy = true,
        };
#else
        var point = ServicePointManager.FindServicePoint(options.BaseUri, options.Proxy ?? WebRequest.DefaultWebProxy);
        point.Expect100Continue = false;
        point.UseNagleAlgorithm = false;
        point.ConnectionLimit = Math.Max(point.ConnectionLimit, options.ThrottleLimit);
        point.MaxIdleTime = 20_000;
        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            MaxConnectionsPerServer = options.ThrottleLimit,
            Proxy = options.Proxy,
            SslProtocols = System.Security.Authentication.SslProtocols.Tls12,
            UseCookies = false,
            UseProxy = true,
        };
#endif
    }
}
