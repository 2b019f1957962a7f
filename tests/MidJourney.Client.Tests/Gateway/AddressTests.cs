namespace MidJourney.Client.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("d758n65e878c73cmdg20", "d758n65e878c73cmdg20")]
    [InlineData("../../admin", "..%2F..%2Fadmin")]
    [InlineData("...", "...")]
    [InlineData("a?b=1", "a%3Fb%3D1")]
    [InlineData("a#b", "a%23b")]
    [InlineData("100%", "100%25")]
    [InlineData("%2e%2e", "%252e%252e")]
    [InlineData("a\r\nHost: evil", "a%0D%0AHost%3A%20evil")]
    [InlineData("a b", "a%20b")]
    [InlineData(" .. ", "%20..%20")]
    [InlineData("a\\..\\b", "a%5C..%5Cb")]
    [InlineData("//evil.test/x", "%2F%2Fevil.test%2Fx")]
    [InlineData("https://evil.test/", "https%3A%2F%2Fevil.test%2F")]
    [InlineData("a@b:c;d", "a%40b%3Ac%3Bd")]
    [InlineData("é数", "%C3%A9%E6%95%B0")]
    public async Task Whatever_the_id_holds_it_stays_one_segment(string id, string segment)
    {
        var clock = Sample.Clock();
        using var gateway = new FakeGateway(clock, Answers.Json(Sample.Completed));
        using var client = Sample.Client(gateway, clock);
        await client.ReadAsync(id);
        var uri = Assert.Single(gateway.Sent).Uri;
        Assert.Equal("/model/v1/generation/task/" + segment, uri.PathAndQuery);
        Assert.Equal(("https", "gateway.test", ""), (uri.Scheme, uri.Host, uri.Fragment));
    }

    [Theory]
    [InlineData("https://h.test", "https://h.test/model/v1/generation")]
    [InlineData("https://h.test/", "https://h.test/model/v1/generation")]
    [InlineData("https://h.test/proxy", "https://h.test/proxy/model/v1/generation")]
    [InlineData("https://h.test/proxy/", "https://h.test/proxy/model/v1/generation")]
    [InlineData("https://h.test/a/b%20c/", "https://h.test/a/b%20c/model/v1/generation")]
    [InlineData("http://localhost:8080/x", "http://localhost:8080/x/model/v1/generation")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/model/v1/generation")]
    [InlineData("https://h.test/x?y=1#z", "https://h.test/x/model/v1/generation")]
    public async Task The_base_uri_may_carry_a_path_with_or_without_a_slash_at_its_end(string baseUri, string expected)
    {
        var clock = Sample.Clock();
        using var gateway = new FakeGateway(clock, Answers.Json(Sample.Created));
        using var client = Sample.Client(gateway, clock, new GatewayOptions { BaseUri = new Uri(baseUri) });
        await client.CreateAsync(Sample.Submission);
        await client.ReadAsync("t");
        Assert.Equal([expected, expected + "/task/t"], gateway.Sent.Select(s => s.Uri.AbsoluteUri));
    }

    [Fact]
    public async Task A_read_is_a_get_with_the_bearer_token()
    {
        var clock = Sample.Clock();
        using var gateway = new FakeGateway(clock, Answers.Json(Sample.Completed));
        using var client = Sample.Client(gateway, clock);
        await client.ReadAsync("t");
        Assert.Equal((HttpMethod.Get, "Bearer " + Sample.Key), (gateway.Sent[0].Method, gateway.Sent[0].Authorization));
    }

    [Fact]
    public void The_default_base_uri_is_the_providers() => Assert.Equal("https://cloud.vtrix.ai/", new GatewayOptions().BaseUri.AbsoluteUri);
}
