namespace MidJourney.Client.Tests;

/// <summary>One id for several creates: whose task it is, and whether there are more, cannot be told.</summary>
public sealed class UniqueIdTests : JournalTestBase
{
    [Fact]
    public async Task Only_the_first_create_has_the_task_and_the_others_are_in_doubt()
    {
        using var gateway = new FakeGateway(Clock, Answers.Json(Sample.Created)) { RepeatsIds = true };
        using var client = Sample.Client(gateway, Clock, new GatewayOptions { BaseUri = Sample.BaseUri, Journal = NewJournal() });
        Assert.Equal(Sample.Id, (await Clock.Drive(client.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard)))).Id);
        foreach (var job in new[] { "b", "c" })
        {
            var error = await Clock.Failure(client.CreateAsync(Sample.Upscale(job, 0, UpscaleType.Standard)));
            Assert.Equal((GatewayErrorKind.SubmitOutcomeUnknown, null), (error.Kind, error.ProbableTaskId));
            Assert.Contains("the ID is not unique", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal((3, 1), (gateway.Sent.Length, client.Counters.Accepted));
        Assert.Equal(["submitting", "created", "submitting", "unknown", "submitting", "unknown"], Events);
        Assert.Single(Listed(), t => t.Id == Sample.Id);
    }
}
