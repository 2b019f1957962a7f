using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace MidJourney.Callbacks;

/// <summary>Where to listen for callbacks: <c>8080</c>, <c>localhost:8080</c>, <c>http://127.0.0.1:8080/path</c>.</summary>
internal sealed class ListenAddress
{
    private const int DefaultPort = 80;

    private static readonly Regex BarePort = new("^:?([0-9]+)$", RegexOptions.CultureInvariant);

    private static readonly Regex Address =
        new(@"^(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(\[[^\[\]/]+\]|[^\[\]:/]+)(?::([0-9]+))?(/.*)?$", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    private static readonly Regex UserInfo = new("^([A-Za-z][A-Za-z0-9+.-]*://)?[^/]*@", RegexOptions.CultureInvariant);

    private ListenAddress(IPAddress[] addresses, int port, string? path) => (Addresses, Port, Path) = (addresses, port, path);

    /// <summary>One, or IPv4 and IPv6, which then have the same port.</summary>
    public IPAddress[] Addresses { get; }

    /// <summary>Not 0, which is any free port: no callback can be sent to a port that nobody knows.</summary>
    public int Port { get; }

    /// <summary>Starts with a slash and ends without; null for none.</summary>
    public string? Path { get; }

    /// <summary>Whether only this computer can connect.</summary>
    public bool IsLoopback => Addresses.All(IPAddress.IsLoopback);

    /// <summary>The URL of a path at this address.</summary>
    public string At(string? path)
    {
        var host = Addresses switch
        {
            { Length: > 1 } => IsLoopback ? "localhost" : "+",
            [{ AddressFamily: AddressFamily.InterNetworkV6 } v6] => $"[{v6}]",
            _ => $"{Addresses[0]}",
        };
        return $"http://{host}:{Port}{path}";
    }

    public override string ToString() => At(Path);

    /// <exception cref="GatewayException">Of the kind <see cref="GatewayErrorKind.InvalidParameter"/>.</exception>
    public static ListenAddress Parse(string text)
    {
        text = text.Trim();
        if (BarePort.Match(text) is { Success: true } bare) return new(Loopback(), ParsePort(text, bare.Groups[1].Value), null);
        // It may contain a password.
        if (UserInfo.IsMatch(text)) throw Invalid(UserInfo.Replace(text, "$1…@"), ClientMessages.ListenWithUser());
        if (text.IndexOfAny(['?', '#']) >= 0) throw Invalid(text, ClientMessages.ListenWithQuery());
        var match = Address.Match(text);
        var (scheme, host, port) = (match.Groups[1], match.Groups[2].Value, match.Groups[3]);
        if (scheme.Success && !scheme.Value.Equals("http", StringComparison.OrdinalIgnoreCase)) throw Invalid(text, ClientMessages.ListenNotHttp(scheme.Value));
        if (!match.Success || (!scheme.Success && !port.Success)) throw Invalid(text, ClientMessages.ListenAddressNotUnderstood());
        return new(AddressesOf(text, host), port.Success ? ParsePort(text, port.Value) : DefaultPort, PathOf(text, match.Groups[4].Value));
    }

    private static IPAddress[] AddressesOf(string text, string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return Loopback();
        if (host is "+" or "*") return Both(IPAddress.Any, IPAddress.IPv6Any);
        // The framework also takes 127.1 and 0x7f000001, which nobody means.
        if (!IPAddress.TryParse(host, out var address) || (address.AddressFamily != AddressFamily.InterNetworkV6 && address.ToString() != host))
            throw Invalid(text, ClientMessages.ListenHostUnknown(host));
        return [address];
    }

    private static IPAddress[] Loopback() => Both(IPAddress.Loopback, IPAddress.IPv6Loopback);

    private static IPAddress[] Both(IPAddress v4, IPAddress v6) => Socket.OSSupportsIPv6 ? [v4, v6] : [v4];

    private static int ParsePort(string text, string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort ? port
            : throw Invalid(text, ClientMessages.ListenPortInvalid(digits));

    private static string? PathOf(string text, string path)
    {
        var segments = path.Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        if (segments.Any(s => s is "." or "..")) throw Invalid(text, ClientMessages.ListenPathWithDots());
        return segments.Length == 0 ? null : "/" + string.Join("/", segments);
    }

    private static GatewayException Invalid(string text, string reason) =>
        new(GatewayErrorKind.InvalidParameter, ClientMessages.ListenAddressInvalid(text, reason));
}
