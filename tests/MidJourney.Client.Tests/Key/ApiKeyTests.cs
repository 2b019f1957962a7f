namespace MidJourney.Client.Tests;

public sealed class ApiKeyTests
{
    [Theory]
    [InlineData("sk-abc")]
    [InlineData("  sk-abc\r\n")]
    [InlineData("\tsk-abc")]
    public void White_space_around_a_key_is_removed(string key) => Assert.Equal("sk-abc", ApiKey.Check(key));

    [Theory]
    [InlineData(Sample.Key)]
    [InlineData("a.b-c_d~e+f/g==")]
    [InlineData("x")]
    public void Printable_ASCII_is_valid(string key) => Assert.Equal(key, ApiKey.Check(key));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    public void Empty_key_is_invalid(string? key) => Assert.Contains("empty", Assert.Throws<ArgumentException>(() => ApiKey.Check(key)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("sk-SECRET abc")]
    [InlineData("sk-SECRET\r\nX-Evil: 1")]
    [InlineData("sk-SECRET\nabc")]
    [InlineData("sk-SECRET\tabc")]
    [InlineData("sk-SECRET\0abc")]
    [InlineData("sk-SECRET\u007fabc")]
    [InlineData("sk-SECRETé")]
    [InlineData("sk-SECRET–abc")]
    [InlineData("sk-SECRET😀")]
    [InlineData("sk-SECRET\u00a0abc")]
    [InlineData("\ufeffsk-SECRET")]
    public void Key_that_cannot_be_in_a_header_is_rejected_without_showing_it(string key)
    {
        var error = Assert.Throws<ArgumentException>(() => ApiKey.Check(key));
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
        using var gateway = new FakeGateway(TimeProvider.System, Answers.Json("{}"));
        Assert.Throws<ArgumentException>(() => new GatewayClient(key, new GatewayOptions(), gateway));
    }

    [Fact]
    public void Client_recognizes_its_key()
    {
        var clock = Sample.Clock();
        using var gateway = new FakeGateway(clock, Answers.Json("{}"));
        using var client = Sample.Client(gateway, clock);
        Assert.True(client.Uses(Sample.Key));
        Assert.False(client.Uses(Sample.Key + "x"));
        Assert.False(client.Uses(""));
    }
}
