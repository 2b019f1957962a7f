namespace MidJourney.Client.Tests;

public sealed class EchoedKeyTests : ClientTestBase
{
    [Fact]
    public async Task A_relative_redirect_that_echoes_the_key_does_not_show_it()
    {
        var (client, _) = Setup(Answers.Redirect($"/login?token={Sample.Key}"));
        Assert.DoesNotContain("SECRET", (await Clock.Failure(client.CreateAsync(Sample.Submission))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "\\/")]
    [InlineData("+", "\\u002B")]
    [InlineData("s", "\\u0073")]
    public async Task A_key_that_is_echoed_with_json_escapes_is_not_shown(string plain, string escaped)
    {
        var echoed = Sample.Key.Replace(plain, escaped, StringComparison.Ordinal);
        var (client, _) = Setup(Answers.Json($$"""{"message":"invalid key {{echoed}}"}""", 401));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_that_breaks_off_within_the_key_does_not_show_its_beginning()
    {
        var (client, _) = Setup(Answers.Torn($$"""{"message":"invalid key {{Sample.Key[..^4]}}""", 401));
        Assert.DoesNotContain("SECRET", (await Clock.Failure(client.CreateAsync(Sample.Submission))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("********")]
    public async Task A_key_of_stars_does_not_hang(string key)
    {
        using var gateway = new FakeGateway(Clock, Answers.Json("""{"message":"********* ***"}""", 401));
        using var client = new GatewayClient(key, new GatewayOptions { BaseUri = Sample.BaseUri }, gateway, Clock);
        var create = Task.Run(() => client.CreateAsync(Sample.Submission));
        Assert.Same(create, await Task.WhenAny(create, Task.Delay(TimeSpan.FromSeconds(5))));
        await Assert.ThrowsAsync<GatewayException>(() => create);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(0, 12)]
    [InlineData(20, 12)]
    [InlineData(9, 15)]
    public async Task A_part_of_the_key_that_tells_is_not_shown(int start, int length)
    {
        var part = Sample.Key.Substring(start, length);
        var (client, _) = Setup(Answers.Json($$"""{"message":"invalid key {{part}}…"}""", 401));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.DoesNotContain(part, error.Message, StringComparison.Ordinal);
        Assert.Contains("***", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_part_of_the_key_is_overlooked_wherever_it_begins()
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
    public async Task What_is_taken_out_leaves_the_json_around_it_whole(string before, int start)
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
    public async Task A_key_of_words_or_digits_spoils_no_answer_that_holds_them()
    {
        using var gateway = new FakeGateway(Clock, Answers.Json(Sample.Completed));
        using var client = new GatewayClient("midjourney-1710000000-completed", new GatewayOptions { BaseUri = Sample.BaseUri }, gateway, Clock);
        var task = await client.ReadAsync("t");
        Assert.Equal(("midjourney_upscale", MJTaskStatus.Completed), (task.Model, task.Status));
        Assert.NotNull(task.CreatedAt);
    }

    [Fact]
    public async Task A_short_key_does_not_spoil_answers_that_happen_to_hold_it()
    {
        using var gateway = new FakeGateway(Clock, Answers.Json(Sample.Completed));
        using var client = new GatewayClient("test", new GatewayOptions { BaseUri = Sample.BaseUri }, gateway, Clock);
        Assert.Equal("https://files.test/a.png", (await client.ReadAsync("t")).Url);
    }

    [Fact]
    public void A_base_uri_with_a_password_does_not_show_it() =>
        Assert.DoesNotContain("SECRET", ClientMessages.Host(new Uri("https://user:SECRET@gateway.test/x")), StringComparison.Ordinal);
}
