using System.Globalization;
using MidJourney.Pricing;

namespace MidJourney.Client.Tests;

public sealed class BillTests : ClientTestBase
{
    private static readonly DateTimeOffset From = new(2026, 11, 1, 1, 0, 0, TimeSpan.FromHours(1)), Until = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("https://h.test", "https://h.test/monitor")]
    [InlineData("https://h.test/proxy/mj/", "https://h.test/proxy/mj/monitor")]
    public async Task The_bill_is_read_with_the_key_below_the_base_address(string baseUri, string start)
    {
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = new Uri(baseUri) }, Page("""{"model_group":"m","total_requests":1,"total_cost":"1"}"""));
        await ReadAsync(client);
        var sent = Assert.Single(gateway.Sent);
        Assert.Equal(start + "/api/v1/cost/billing?start=2026-11-01T00:00:00Z&end=2026-12-01T00:00:00Z&page=1&page_size=100", sent.Uri.AbsoluteUri);
        Assert.Equal("Bearer " + Sample.Key, sent.Authorization);
    }

    [Fact]
    public async Task Each_model_has_its_requests_and_both_costs_and_providers_are_added_up()
    {
        var bill = await ReadAsync(
            """{"provider":"a","model_group":"m","total_requests":2,"total_cost":"0.10","discount_total_cost":"0.07"}""",
            """{"provider":"b","model_group":"m","total_requests":"3","total_cost":0.2,"discount_total_cost":null}""",
            """{"model_group":"n","total_requests":1,"total_cost":"5","currency":"credits"}""",
            """{"total_requests":1,"total_cost":"1"}""");
        Assert.Equal([new("m", 5, 0.27m, 0.30m, "USD"), new("n", 1, 5, 5, "credit"), new("", 1, 1, 1, "USD")], bill.Models);
        Assert.Equal(new Billed("", 9, 9, 9, "USD"), bill.Total);
        Assert.True(bill.IsComplete);
    }

    [Theory]
    [InlineData("\"total_cost\":\"NaN\"")]
    [InlineData("\"total_cost\":\"-1\"")]
    [InlineData("\"total_cost\":-0.01")]
    [InlineData("\"total_cost\":\"free\"")]
    [InlineData("\"total_cost\":\"\"")]
    [InlineData("\"total_cost\":null")]
    [InlineData("\"total_cost\":[1]")]
    [InlineData("\"total_cost\":1e300")]
    [InlineData("\"total_cost\":\"1\",\"discount_total_cost\":\"free\"")]
    [InlineData("\"total_cost\":\"1\",\"currency\":7")]
    [InlineData("\"model\":\"without a cost\"")]
    public async Task An_amount_that_is_none_is_unknown_and_so_is_a_sum_with_it(string cost)
    {
        var bill = await ReadAsync($$"""{"model_group":"m","total_requests":-1,{{cost}}}""", """{"model_group":"m","total_requests":1,"total_cost":"1","discount_total_cost":"1"}""");
        var billed = Assert.Single(bill.Models);
        Assert.Null(billed.Cost);
        Assert.Null(billed.Requests);
    }

    [Theory]
    [InlineData(404, "", "HTTP 404")]
    [InlineData(404, """{"error":{"message":"no such route"}}""", "HTTP 404, no such route")]
    [InlineData(405, "<html><title>Not Allowed</title></html>", "HTTP 405, Not Allowed")]
    [InlineData(501, "", "HTTP 501")]
    [InlineData(200, "", "HTTP 200 without a bill")]
    [InlineData(200, "<html><title>Welcome</title></html>", "HTTP 200, Welcome")]
    [InlineData(200, "{}", "HTTP 200 without a bill")]
    [InlineData(200, "[1]", "HTTP 200, [1]")]
    [InlineData(200, "\"data\"", "HTTP 200, \"data\"")]
    [InlineData(200, """{"code":0,"data":null}""", "HTTP 200 without a bill")]
    [InlineData(200, """{"code":0,"data":{"items":[],"summary":"0"}}""", "HTTP 200 without a bill")]
    [InlineData(200, """{"code":40301,"message":"not for you","data":{}}""", "HTTP 200, not for you (code 40301)")]
    [InlineData(200, """{"code":500,"message":"later","data":{"summary":{"total_requests":0,"total_cost":"0"}}}""", "HTTP 200, later (code 500)")]
    [InlineData(204, "", "HTTP 204 without a bill")]
    public async Task A_gateway_without_a_bill_is_asked_once(int status, string body, string reason)
    {
        var (client, gateway) = Setup(Answers.Json(body, status));
        Assert.Equal(reason, (await ReadAsync(client)).NotOffered);
        Assert.Single(gateway.Sent);
    }

    [Theory]
    [InlineData(400, "", GatewayErrorKind.GatewayRefused)]
    [InlineData(401, """{"message":"invalid api key"}""", GatewayErrorKind.Unauthorized)]
    [InlineData(402, "", GatewayErrorKind.InsufficientBalance)]
    [InlineData(403, "<html/>", GatewayErrorKind.Forbidden)]
    [InlineData(302, "", GatewayErrorKind.UnexpectedRedirect)]
    [InlineData(407, "", GatewayErrorKind.ProxyAuthenticationRequired)]
    public async Task A_refusal_ends_the_read_with_one_request(int status, string body, GatewayErrorKind kind)
    {
        var (client, gateway) = Setup(Answers.Json(body, status), Page("{}"));
        var error = await Clock.Failure(ReadAsync(client));
        Assert.Equal((kind, status, false), (error.Kind, error.HttpStatus, error.IsTransient));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task A_fault_is_survived_as_in_a_read()
    {
        var (client, gateway) = Setup(Answers.Json("", 503), Answers.Truncated("""{"data":{"summary":{}"""), Answers.CutAfterSending(), Answers.Json("", 429, retryAfter: "2"), Page("""{"model_group":"m","total_requests":1}"""));
        Assert.Equal("m", Assert.Single((await ReadAsync(client)).Models).Model);
        Assert.Equal(5, gateway.Sent.Length);
    }

    [Fact]
    public async Task A_fault_that_lasts_is_one_error_after_a_few_requests()
    {
        var (client, gateway) = Setup(Answers.Json("", 500));
        var error = await Clock.Failure(ReadAsync(client));
        Assert.Equal((GatewayErrorKind.ServerError, "Could not read the bill: HTTP 500."), (error.Kind, error.Message));
        Assert.InRange(gateway.Sent.Length, 2, 5);
    }

    [Fact]
    public async Task A_gateway_that_hangs_is_not_asked_again()
    {
        var (client, gateway) = Setup(Answers.HangAfterSending());
        Assert.Equal(GatewayErrorKind.RequestTimedOut, (await Clock.Failure(ReadAsync(client))).Kind);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task A_hanging_read_ends_when_it_is_cancelled()
    {
        var (client, _) = Setup(Answers.HangAfterSending());
        using var stop = new CancellationTokenSource();
        var reading = client.ReadBillAsync(From, Until, Notes, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData("2", "abc", 2, "ab", true)]
    [InlineData("\"2\"", "abc", 2, "ab", true)]
    [InlineData("1", "abc", 1, "a", true)]
    [InlineData("null", "abc", 1, "a", true)]
    [InlineData("-5", "abc", 1, "a", true)]
    [InlineData("1000000000", "aaaa", 2, "a", false)]
    [InlineData("1e300", "aaaa", 1, "a", true)]
    [InlineData("1000000000", "ababab", 3, "ab", false)]
    [InlineData("1000000000", "abcdefghijklmnopqrstuvwxyz", 20, "abcdefghijklmnopqrst", false)]
    [InlineData("1000000000", "ab ", 3, "ab", true)]
    [InlineData("3", "ab!", 3, "ab", false)]
    public async Task Pages_are_followed_within_bounds(string total, string pages, int requests, string models, bool isComplete)
    {
        var (client, gateway) = Setup([.. pages.Select(p => p == '!' ? Answers.Json("", 404) : Page(p == ' ' ? "" : $$"""{"model_group":"{{p}}","total_requests":1}""", total))]);
        var bill = await ReadAsync(client);
        Assert.Equal(models, string.Concat(bill.Models.Select(m => m.Model)));
        Assert.Equal(Enumerable.Range(1, requests).Select(n => $"page={n.ToString(CultureInfo.InvariantCulture)}"), gateway.Sent.Select(s => s.Uri.Query.Split('&')[2]));
        Assert.Equal((isComplete, (string?)null), (bill.IsComplete, bill.NotOffered));
    }

    [Fact]
    public async Task A_total_without_models_is_not_taken_for_all_of_the_bill()
    {
        Assert.False((await ReadAsync()).IsComplete);
        var (client, _) = Setup(Answers.Json("""{"data":{"summary":{"total_requests":0,"total_cost":"0"},"items":{"items":null}}}"""));
        Assert.True((await ReadAsync(client)).IsComplete);
    }

    [Fact]
    public async Task The_key_is_not_shown()
    {
        var billed = Assert.Single((await ReadAsync($$"""{"model_group":"m {{Sample.Key}}","total_requests":1,"currency":"{{Sample.Key}}"}""")).Models);
        Assert.DoesNotContain("SECRET", billed.ToString(), StringComparison.Ordinal);
    }

    private static Answer Page(string items, string pages = "1") => Answers.Json(
        $$"""
        {"code":0,"message":"success","data":
        {"summary":{"total_requests":9,"total_cost":"9","discount_total_cost":"9","currency":"USD"},
         "items":{"items":[{{items}}],"total":1,"page":1,"page_size":100,"total_pages":{{pages}} } } }
        """);

    private Task<GatewayBill> ReadAsync(params string[] items) => ReadAsync(Setup(Page(string.Join(',', items))).Client);

    private Task<GatewayBill> ReadAsync(GatewayClient client) => Clock.Drive(client.ReadBillAsync(From, Until, Notes, CancellationToken.None));
}
