using System.Text.Json;
using MidJourney.Pricing;

namespace MidJourney.Client.Tests;

/// <summary>The gateway's estimate on the wire.</summary>
public sealed class EstimateTests : ClientTestBase
{
    private const string Price = """{"status":"success","data":{"billing_model":"m","cost":"0.0357","currency":"USD","discount":0.7,"hash":"v1:x","model":"midjourney_upscale","sample_count":4,"updated_at":1710000000}}""";

    private static readonly WorkKind Kind = WorkKind.Of(Sample.Submission);

    [Fact]
    public async Task It_is_a_create_at_another_address_with_the_key_and_without_the_callback()
    {
        var (client, gateway) = Setup(Answers.Json(Price));
        Assert.Equal(new EstimatedPrice(0.0357m, "USD", 4), await client.EstimateAsync(Kind, Sample.Upscale("job-1", 2, UpscaleType.Creative, "https://call.back"), null, default));
        var sent = Assert.Single(gateway.Sent);
        Assert.Equal(("POST", "https://gateway.test/model/v1/generation/precharge", $"Bearer {Sample.Key}"), (sent.Method.Method, sent.Uri.AbsoluteUri, sent.Authorization));
        using var body = JsonDocument.Parse(sent.Body);
        Assert.Equal("""{"model":"midjourney_upscale","input":[{"params":{"jobId":"job-1","imageNo":2,"type":1}}]}""", JsonSerializer.Serialize(body));
        Assert.Equal((0, 0), (client.Counters.Creates, client.Counters.Accepted));
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_request()
    {
        var go = new TaskCompletionSource();
        var (client, gateway) = Setup(Answers.After(go.Task, Answers.Json(Price)));
        var calls = Enumerable.Range(0, 50).Select(_ => client.EstimateAsync(Kind, Sample.Submission, null, default)).ToList();
        go.SetResult();
        Assert.All(await Task.WhenAll(calls), price => Assert.Equal(0.0357m, price!.Cost));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_spoil_it_for_others()
    {
        var go = new TaskCompletionSource();
        var (client, gateway) = Setup(Answers.After(go.Task, Answers.Json(Price)));
        using var stop = new CancellationTokenSource();
        var first = client.EstimateAsync(Kind, Sample.Submission, null, stop.Token);
        var second = client.EstimateAsync(Kind, Sample.Submission, null, default);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        go.SetResult();
        Assert.Equal(0.0357m, (await second)!.Cost);
        Assert.Equal(0.0357m, (await client.EstimateAsync(Kind, Sample.Submission, null, default))!.Cost);
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task A_failure_is_not_remembered()
    {
        var (client, gateway) = Setup(Answers.Json("", 500), Answers.CutAfterSending(), Answers.Json("[]"), Answers.Json(Price));
        for (var n = 0; n < 3; n++) await Assert.ThrowsAsync<GatewayException>(() => client.EstimateAsync(Kind, Sample.Submission, null, default));
        Assert.Equal(0.0357m, (await client.EstimateAsync(Kind, Sample.Submission, null, default))!.Cost);
        Assert.Equal(4, gateway.Sent.Length);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task A_gateway_without_estimates_is_asked_once_for_each_kind(int status)
    {
        var (client, gateway) = Setup(Answers.Html("<html>no</html>", status));
        Assert.Null(await client.EstimateAsync(Kind, Sample.Submission, null, default));
        Assert.Null(await client.EstimateAsync(Kind, Sample.Submission, null, default));
        Assert.Single(gateway.Sent);
    }

    [Theory]
    [InlineData("""{"code":500,"message":"later","data":{"cost":"5"}}""")]
    [InlineData("""{"code":0,"error":{"code":7,"message":"no"},"data":{"cost":"5"}}""")]
    [InlineData("""{"success":false,"data":{"cost":"5"}}""")]
    public async Task An_error_beside_a_price_makes_it_unknown(string body)
    {
        var (client, _) = Setup(Answers.Json(body));
        await Assert.ThrowsAsync<GatewayException>(() => client.EstimateAsync(Kind, Sample.Submission, null, default));
    }

    [Fact]
    public async Task The_key_in_an_answer_is_not_shown()
    {
        var (client, _) = Setup(Answers.Json($$$"""{"error":{"message":"bad key {{{Sample.Key}}}"}}""", 400), Answers.Json($$$"""{"status":"success","data":{"cost":"0.05","currency":"{{{Sample.Key}}}"}}"""));
        Assert.DoesNotContain(Sample.Key, (await Assert.ThrowsAsync<GatewayException>(() => client.EstimateAsync(Kind, Sample.Submission, null, default))).Message);
        await Assert.ThrowsAsync<GatewayException>(() => client.EstimateAsync(Kind, Sample.Submission, null, default));
    }
}
