using System.Text;
using System.Text.RegularExpressions;

namespace MidJourney.Client.Tests;

/// <summary>What is sent in place of {token} in a callback URL.</summary>
public sealed class CallbackTokenTests : ClientTestBase
{
    [Fact]
    public async Task Each_create_sends_a_token_of_its_own()
    {
        var (client, gateway) = Setup(Answers.Json(Sample.Created));
        var first = await client.CreateAsync(Sample.Upscale("job-1", 0, UpscaleType.Standard, "https://hook.test/mj/{token}?of={Token}"));
        var second = await client.CreateAsync(Sample.Upscale("job-2", 0, UpscaleType.Standard, "https://hook.test/mj/{token}"));
        var secret = client.CallbackTokens.Secret;
        Assert.Matches("^[0-9a-f]{32}$", secret);
        Assert.Equal([$"https://hook.test/mj/{secret}-1?of={secret}-1", $"https://hook.test/mj/{secret}-2"], gateway.Sent.Select(CallbackOf));
        Assert.Equal([$"{secret}-1", $"{secret}-2"], [client.CallbackTokens.Of(first.Id)!, client.CallbackTokens.Of(second.Id)!]);
    }

    [Fact]
    public async Task Only_the_callback_has_a_token()
    {
        var (client, gateway) = Setup(Answers.Json(Sample.Created));
        var task = await client.CreateAsync(Sample.Upscale("job-{token}", 0, UpscaleType.Standard, "https://hook.test/mj"));
        Assert.Contains("\"job-{token}\"", TextOf(gateway.Sent[0]), StringComparison.Ordinal);
        Assert.Equal("https://hook.test/mj", CallbackOf(gateway.Sent[0]));
        Assert.Null(client.CallbackTokens.Of(task.Id));
    }

    [Fact]
    public void Each_session_has_a_secret_of_its_own() => Assert.NotEqual(Setup().Client.CallbackTokens.Secret, Setup().Client.CallbackTokens.Secret);

    private static string CallbackOf(SentRequest request) => Regex.Match(TextOf(request), "\"callback\":\"([^\"]*)\"").Groups[1].Value;

    private static string TextOf(SentRequest request) => Encoding.UTF8.GetString(request.Body!);
}
