namespace MidJourney.Client.Tests;

public sealed class CreateEdgeTests : ClientTestBase
{
    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("10, 20")]
    public async Task A_retry_after_that_is_no_number_is_no_retry_after(string value)
    {
        var (client, gateway) = Setup(Answers.Json("{}", 429, value), Answers.Json(Sample.Created));
        await Clock.Drive(client.CreateAsync(Sample.Submission));
        Assert.InRange(At(gateway, 1), TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_create_under_way_when_the_client_is_disposed_is_reported_as_unknown()
    {
        var gone = new TaskCompletionSource();
        var (client, _) = Setup(Answers.After(gone.Task, Answers.CutAfterSending()));
        var create = client.CreateAsync(Sample.Submission);
        client.Dispose();
        gone.SetResult();
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Clock.Failure(create)).Kind);
    }
}
