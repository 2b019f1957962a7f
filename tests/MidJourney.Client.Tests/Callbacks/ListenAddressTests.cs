using System.Net;
using System.Net.Sockets;

namespace MidJourney.Client.Tests.Callbacks;

public sealed class ListenAddressTests
{
    private static readonly string Localhost = Socket.OSSupportsIPv6 ? "127.0.0.1 ::1" : "127.0.0.1";
    private static readonly string AnyAddress = Socket.OSSupportsIPv6 ? "0.0.0.0 ::" : "0.0.0.0";

    [Theory]
    [InlineData("8080", "localhost", 8080, null)]
    [InlineData(" :8080 ", "localhost", 8080, null)]
    [InlineData("65535", "localhost", 65535, null)]
    [InlineData("localhost:8080", "localhost", 8080, null)]
    [InlineData("http://localhost:8080", "localhost", 8080, null)]
    [InlineData("HTTP://LocalHost:8080/", "localhost", 8080, null)]
    [InlineData("http://localhost/mj", "localhost", 80, "/mj")]
    [InlineData("127.0.0.1:8080", "127.0.0.1", 8080, null)]
    [InlineData("http://127.0.0.1:8080/mj/Hook/", "127.0.0.1", 8080, "/mj/Hook")]
    [InlineData("http://127.0.0.1:8080//mj//hook", "127.0.0.1", 8080, "/mj/hook")]
    [InlineData("http://127.0.0.1:8080/a:b@c", "127.0.0.1", 8080, "/a:b@c")]
    [InlineData("http://[::1]:8080", "::1", 8080, null)]
    [InlineData("[::1]:8080", "::1", 8080, null)]
    [InlineData("http://0.0.0.0:8080", "0.0.0.0", 8080, null)]
    [InlineData("http://192.0.2.7:8080", "192.0.2.7", 8080, null)]
    [InlineData("http://+:8080", "any", 8080, null)]
    [InlineData("http://*:8080/mj", "any", 8080, "/mj")]
    public void Address_is_parsed(string text, string addresses, int port, string? path)
    {
        var parsed = ListenAddress.Parse(text);
        var expected = addresses switch { "localhost" => Localhost, "any" => AnyAddress, _ => addresses };
        Assert.Equal(expected.Split(' ').Select(IPAddress.Parse), parsed.Addresses);
        Assert.Equal((port, path), (parsed.Port, parsed.Path));
        Assert.Equal(addresses is "localhost" or "127.0.0.1" or "::1", parsed.IsLoopback);
    }

    [Theory]
    [InlineData("", "neither a port nor an address")]
    [InlineData("/mj", "neither a port nor an address")]
    [InlineData("localhost", "neither a port nor an address")]
    [InlineData("http://", "neither a port nor an address")]
    [InlineData("http://:8080", "neither a port nor an address")]
    [InlineData("http://::1:8080", "neither a port nor an address")]
    [InlineData("http://127.0.0.1:port", "neither a port nor an address")]
    [InlineData("-1", "neither a port nor an address")]
    [InlineData("0", "the port 0 is not between 1 and 65535")]
    [InlineData("65536", "the port 65536 is not between 1 and 65535")]
    [InlineData("99999999999999999999", "is not between 1 and 65535")]
    [InlineData("http://127.0.0.1:65536", "the port 65536 is not between 1 and 65535")]
    [InlineData("https://127.0.0.1:8443", "does not support https")]
    [InlineData("ftp://127.0.0.1:8080", "does not support ftp")]
    [InlineData("http://user:secret@127.0.0.1:8080", "contains a user name")]
    [InlineData("user:secret?@127.0.0.1:8080", "contains a user name")]
    [InlineData("http://127.0.0.1:8080/?a=b", "contains a query or a fragment")]
    [InlineData("http://127.0.0.1:8080/#a", "contains a query or a fragment")]
    [InlineData("http://example.com:8080", "example.com is neither localhost nor an IP address")]
    [InlineData("http://127.1:8080", "127.1 is neither localhost nor an IP address")]
    [InlineData("http://[::g]:8080", "[::g] is neither localhost nor an IP address")]
    [InlineData("http://127.0.0.1:8080/../mj", "contains '.' or '..'")]
    public void Other_text_is_an_invalid_parameter(string text, string reason)
    {
        var error = Assert.Throws<GatewayException>(() => ListenAddress.Parse(text));
        Assert.Equal(GatewayErrorKind.InvalidParameter, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
