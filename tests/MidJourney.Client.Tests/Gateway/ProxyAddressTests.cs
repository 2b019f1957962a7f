using System.Net;

namespace MidJourney.Client.Tests;

/// <summary>For which addresses a proxy is used, and what of its user is shown.</summary>
public sealed class ProxyAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://127.9.8.7")]
    [InlineData("http://[::1]:1")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://localhost")]
    [InlineData("https://LOCALHOST:8443/path")]
    [InlineData("http://localhost.")]
    [InlineData("http://mj.localhost")]
    [InlineData("http://0.0.0.0:80")]
    public void This_machine_is_reached_without_a_proxy(string address)
    {
        var proxy = new GatewayProxy(new WebProxy("http://proxy.test:8080"));
        Assert.True(proxy.IsBypassed(new Uri(address)));
        Assert.Null(proxy.GetProxy(new Uri(address)));
    }

    [Theory]
    [InlineData("http://128.0.0.1")]
    [InlineData("http://notlocalhost")]
    [InlineData("http://localhost.example.org")]
    [InlineData("https://gateway.test")]
    [InlineData("http://[::ffff:10.0.0.1]")]
    public void Everything_else_goes_through_it(string address)
    {
        var proxy = new GatewayProxy(new WebProxy("http://proxy.test:8080"));
        Assert.False(proxy.IsBypassed(new Uri(address)));
        Assert.Equal(new Uri("http://proxy.test:8080"), proxy.GetProxy(new Uri(address)));
    }

    [Fact]
    public void The_user_in_an_address_is_taken_out_of_it()
    {
        var proxy = new GatewayProxy(new AddressWithUser());
        var address = proxy.GetProxy(new Uri("https://gateway.test"))!;
        Assert.Equal("http://proxy.test:8080/", address.ToString());
        var user = proxy.GetCredential(address, "Basic")!;
        Assert.Equal(("u@x", "p4:ss/w"), (user.UserName, user.Password));
    }

    [Fact]
    public void Every_form_of_the_password_is_a_secret()
    {
        var secrets = GatewayProxy.SecretsOf(new WebProxy("http://proxy.test") { Credentials = new NetworkCredential("user", "p4ss/word") });
        foreach (var form in new[] { "p4ss/word", "p4ss%2Fword", "user:p4ss/word", "dXNlcjpwNHNzL3dvcmQ=" }) Assert.Contains(form, secrets);
    }

    private sealed class AddressWithUser : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => new("http://u%40x:p4%3Ass%2Fw@proxy.test:8080");

        public bool IsBypassed(Uri host) => false;
    }
}
