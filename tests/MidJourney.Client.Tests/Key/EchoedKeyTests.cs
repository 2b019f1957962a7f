namespace MidJourney.Client.Tests;

public sealed class EchoedKeyTests : ClientTestBase
{
    [Fact]
    public async Task Key_in_a_relative_redirect_is_hidden()
    {
        var (client, _) = Setup(Answers.Redirect($"/login?token={Sample.Key}"));
        Assert.DoesNotContain("SECRET", (await Clock.Failure(client.CreateAsync(Sample.Submission))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "\\/")]
    [InlineData("+", "\\u002B")]
    [InlineData("s", "\\u0073")]
    public async Task Key_with_JSON_escapes_is_hidden(string plain, string escaped)
    {
        var echoed = Sample.Key.Replace(plain, escaped, StringComparison.Ordinal);
        var (client, _) = Setup(Answers.Json($$"""{"message":"invalid key {{echoed}}"}""", 401));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_of_the_key_at_the_end_of_a_truncated_error_is_hidden()
    {
        var (client, _) = Setup(Answers.Truncated($$"""{"message":"invalid key {{Sample.Key[..^4]}}""", 401));
        Assert.DoesNotContain("SECRET", (await Clock.Failure(client.CreateAsync(Sample.Submission))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("********")]
    public async Task Key_of_asterisks_does_not_hang(string key)
    {
        using var gateway = new FakeGateway(Clock, Answers.Json("""{"message":"********* ***"}""", 401));
        using var client = new GatewayClient(key, new GatewayOptions { BaseUri = Sample.BaseUri }, gateway, Clock);
        var create = Task.Run(() => client.CreateAsync(Sample.Submission));
        Assert.Same(create, await Task.WhenAny(create, Task.Delay(TimeSpan.FromMinutes(1))));
        await Assert.ThrowsAsync<GatewayException>(() => create);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(0, 12)]
    [InlineData(20, 12)]
    [InlineData(9, 15)]
    public async Task Recognizable_part_of_the_key_is_hidden(int start, int length)
    {
        var part = Sample.Key.Substring(start, length);
        var (client, _) = Setup(Answers.Json($$"""{"message":"invalid key {{part}}…"}""", 401));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.DoesNotContain(part, error.Message, StringComparison.Ordinal);
        Assert.Contains("***", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Part_of_the_key_is_hidden_wherever_it_begins()
    {
        const string Key = "Zq7Wm2Xt9Lp46Ny8Kb3Jd5";
        var redactor = new KeyRedactor(Key);
        for (var start = 0; start <= Key.Length - 8; start++)
            for (var before = 0; before < 5; before++)
                Assert.DoesNotContain(Key.Substring(start, 8), redactor.Redact(new string('.', before) + Key.Substring(start, 8)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nor is \\u202", 19)]
    [InlineData("nor is \\\\", 9)]
    public async Task Hiding_the_key_leaves_the_JSON_valid(string before, int start)
    {
        const string Key = "SECRET-Zq7Wm2Xt9Lp46Ny8Kb3Jd5";
        var message = $"{before}{Key[start..]}";
        using var gateway = new FakeGateway(Clock, Answers.Json($$$"""{"id":"t","status":"failed","error":{"code":"110001","message":"{{{message}}}"}}"""));
        using var client = new GatewayClient(Key, new GatewayOptions { BaseUri = Sample.BaseUri }, gateway, Clock);
        var task = await client.ReadAsync("t");
        Assert.Equal(MJTaskStatus.Failed, task.Status);
        Assert.Contains("nor is ", task.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("***", task.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Kb3Jd5", task.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_of_words_and_digits_does_not_corrupt_responses()
    {
        using var gateway = new FakeGateway(Clock, Answers.Json(Sample.Completed));
        using var client = new GatewayClient("midjourney-1710000000-completed", new GatewayOptions { BaseUri = Sample.BaseUri }, gateway, Clock);
        var task = await client.ReadAsync("t");
        Assert.Equal(("midjourney_upscale", MJTaskStatus.Completed), (task.Model, task.Status));
        Assert.NotNull(task.CreatedAt);
    }

    [Fact]
    public async Task Short_key_does_not_corrupt_responses()
    {
        using var gateway = new FakeGateway(Clock, Answers.Json(Sample.Completed));
        using var client = new GatewayClient("test", new GatewayOptions { BaseUri = Sample.BaseUri }, gateway, Clock);
        Assert.Equal("https://files.test/a.png", (await client.ReadAsync("t")).Url);
    }

    [Fact]
    public void Password_in_the_base_URI_is_hidden() =>
        Assert.DoesNotContain("SECRET", ClientMessages.Host(new Uri("https://user:SECRET@gateway.test/x")), StringComparison.Ordinal);
}
