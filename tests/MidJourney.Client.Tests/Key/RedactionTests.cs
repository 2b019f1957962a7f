using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>The key is hidden where text is shown, but not in values that requests need.</summary>
public sealed class RedactionTests : JournalTestBase
{
    private const string Key = "vtx-acct48213-Zq7Wm2Xt9Lp46Ny8";

    [Fact]
    public async Task Ids_and_URLs_that_share_a_part_with_the_key_are_unchanged()
    {
        var (client, gateway) = Setup(Key, Answers.Json("""{"id":"acct48213-000001","status":"pending"}"""), Answers.Json("""
            {"id":"acct48213-000001","status":"completed","model":"midjourney_upscale","output":[{"content":[{"type":"image","url":"https://acct48213.f.test/acct48213-1.png","jobId":"acct48213-job"}]}],
             "metadata":{"account":"acct48213"}}
            """));
        var created = await Clock.Drive(client.CreateAsync(Sample.Upscale("acct48213-job0", 0, UpscaleType.Standard)));
        var read = await Clock.Drive(client.ReadAsync(created.Id));
        Assert.EndsWith("/task/acct48213-000001", gateway.Sent[1].Uri.AbsoluteUri, StringComparison.Ordinal);
        Assert.Contains("acct48213-job0", Encoding.UTF8.GetString(gateway.Sent[0].Body!), StringComparison.Ordinal);
        Assert.Equal(("acct48213-000001", "https://acct48213.f.test/acct48213-1.png", "acct48213-job"), (read.Id, read.Url, read.JobId));
        Assert.Equal("*********", read.Metadata["account"]);
        Assert.Equal((read.Url, read.JobId), (TaskReader.FromRaw(read.Raw!)?.Url, TaskReader.FromRaw(read.Raw!)?.JobId));
        Assert.Equal(["acct48213-000001", "acct48213-job0"], Listed().SelectMany(t => new[] { t.Id, t.SourceJobId }));
    }

    [Fact]
    public async Task Task_id_that_contains_the_key_is_hidden_and_can_be_read()
    {
        var (client, gateway) = Setup(Key, Answers.Json($$"""{"id":"{{Key}}-1"}"""), Answers.Json($$"""{"id":"{{Key}}-1","status":"completed","output":[{"content":[{"url":"https://f.test/?k={{Key}}","jobId":"{{Key}}"}]}]}"""), Answers.Json("""{"id":"t2"}"""));
        var created = await Clock.Drive(client.CreateAsync(Sample.Submission));
        var read = await Clock.Drive(client.ReadAsync(created.Id));
        Assert.EndsWith($"/task/{Key}-1", gateway.Sent[1].Uri.AbsoluteUri, StringComparison.Ordinal);
        Assert.All(Texts.Of(created).Concat(Texts.Of(read)).Append(Text), text => Assert.DoesNotContain("acct48213", text, StringComparison.Ordinal));
        await Clock.Drive(client.CreateAsync(Sample.Upscale(read.JobId!, 0, UpscaleType.Standard)));
        Assert.Contains(Key, Encoding.UTF8.GetString(gateway.Sent[2].Body!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test")]
    [InlineData("abcdefghijkl")]
    [InlineData("1710000000")]
    [InlineData("ABCDEFGHIJKLMNOPQRST")]
    [InlineData("12345678901234567890")]
    [InlineData("$!$!")]
    public async Task Weak_key_is_hidden_as_a_whole_everywhere(string key)
    {
        var (client, _) = Setup(key, Answers.Json($$$"""{"error":{"code":5,"message":"no such key: {{{key}}}, x{{{key}}}x"}}""", 400));
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission));
        Assert.DoesNotContain(key, error.Message + error.Error, StringComparison.Ordinal);
        Assert.Contains("no such key: *", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test")]
    [InlineData("completed")]
    [InlineData("midjourney")]
    [InlineData("image")]
    [InlineData("id")]
    public async Task Weak_key_does_not_corrupt_responses(string key)
    {
        var (client, _) = Setup(key, Answers.Json(Sample.Completed.Replace("https://files.test/a.png", $"https://files.test/{key}.png", StringComparison.Ordinal)));
        var read = await Clock.Drive(client.ReadAsync(Sample.Id));
        Assert.Equal((Sample.Id, MJTaskStatus.Completed, "completed", "midjourney_upscale", $"https://files.test/{key}.png", "image"), (read.Id, read.Status, read.RawStatus, read.Model, read.Url, read.Output[0].Content[0].Type));
        Assert.Equal((read.Url, read.Cost), (TaskReader.FromRaw(read.Raw!)?.Url, TaskReader.FromRaw(read.Raw!)?.Cost));
    }

    public static TheoryData<string> Forms =>
    [
        Uri.EscapeDataString(Key),
        string.Concat(Key.Select(c => $"%{(int)c:x2}")),
        string.Concat(Key.Select(c => $"\\\\u{(int)c:x4}")),
        Convert.ToBase64String(Encoding.ASCII.GetBytes(Key)),
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"Bearer {Key}")),
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"a:{Key}:b")).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        Convert.ToHexString(Encoding.ASCII.GetBytes(Key)),
        Convert.ToHexString(Encoding.ASCII.GetBytes(Key)).ToLowerInvariant(),
        BitConverter.ToString(Encoding.ASCII.GetBytes(Key)),
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Key_is_hidden_in_every_common_encoding(string form)
    {
        var (client, _) = Setup(Key, Answers.Json($$$"""{"error":{"message":"the key <{{{form}}}> is wrong"}}""", 401));
        var message = (await Clock.Failure(client.CreateAsync(Sample.Submission))).Message;
        Assert.DoesNotContain(form.Substring(6, form.Length - 12), message, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("the key <.{0,12}\\*{10,}.{0,6}> is wrong", message);
    }

    [Theory]
    [InlineData("Found invalid data while decoding. 'QQ-76-74'")]
    [InlineData("Received an invalid status line: 'vtx'.")]
    [InlineData("plain")]
    public async Task Framework_messages_about_a_malformed_response_are_hidden(string text)
    {
        foreach (var fault in new Exception[] { new HttpRequestException(text), new HttpRequestException("An error occurred", new InvalidDataException(text)), new IOException(text), new InvalidOperationException(text) })
        {
            var (client, _) = Setup(Key, async (request, ended) =>
            {
                if (request.Content is not null) await request.Content.CopyToAsync(Stream.Null, ended);
                throw fault;
            });
            foreach (var error in new[] { await Clock.Failure(client.CreateAsync(Sample.Submission)), await Clock.Failure(client.ReadAsync("t")) })
            {
                Assert.DoesNotContain(text, error.ToString(), StringComparison.Ordinal);
                Assert.Contains(fault.GetType().Name, error.Message, StringComparison.Ordinal);
            }
            Assert.DoesNotContain(text, Text, StringComparison.Ordinal);
        }
    }

    private (GatewayClient Client, FakeGateway Gateway) Setup(string key, params Answer[] script)
    {
        var gateway = new FakeGateway(Clock, script);
        return (new GatewayClient(key, new GatewayOptions { BaseUri = Sample.BaseUri, Journal = NewJournal() }, gateway, Clock), gateway);
    }

    [Fact]
    public void Title_of_a_page_is_decoded_and_hides_the_key()
    {
        var redactor = new KeyRedactor("plain-KEY-48213-x");
        var page = System.Text.Encoding.UTF8.GetBytes("<html><title>Bad &amp; gone: &#112;lain-&#x4B;EY-48213-x</title></html>");
        Assert.Equal("Bad & gone: *****************", ErrorReader.Read(page, "text/html", redactor)?.Message);
    }

    [Fact]
    public void Cost_that_is_the_key_is_null()
    {
        var redactor = new KeyRedactor("1234567890123456");
        var body = System.Text.Encoding.UTF8.GetBytes("""{"id":"t","status":"completed","usage":{"cost":1234567890123456,"discount":"0.5"}}""");
        Assert.True(TaskReader.TryParse(body, redactor, "t", out var wire));
        var usage = TaskReader.Read(wire, "t").Usage;
        Assert.Equal((null, 0.5m), (usage?.Cost, usage?.Discount));
    }

    [Theory]
    [InlineData("706c61696e2d4b45592d34383231332d78")]
    [InlineData("cGxhaW4tS0VZLTQ4MjEzLXg")]
    public void Encoded_key_after_a_backslash_is_hidden(string encoded)
    {
        var redacted = new KeyRedactor("plain-KEY-48213-x").Redact($"C:\\keys\\{encoded} and \\\\{encoded}");
        Assert.DoesNotContain(encoded[2..^2], redacted, StringComparison.Ordinal);
        Assert.StartsWith("C:\\keys\\", redacted, StringComparison.Ordinal);
    }
}
