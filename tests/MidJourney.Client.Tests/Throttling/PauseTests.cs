namespace MidJourney.Client.Tests;

public sealed class PauseTests : ClientTestBase
{
    [Theory]
    [InlineData(429, 22)]
    [InlineData(503, 21)]
    public async Task A_retry_after_holds_every_request_of_the_client(int status, int sent)
    {
        var (client, gateway) = Setup(Answers.Json("", status, "20"), Answers.Json(Sample.Created));
        // A create that was answered 503 is in doubt and not sent again; what comes after it waits all the same.
        var work = new List<Task> { client.CreateAsync(Sample.Submission, Notes).ContinueWith(_ => { }, TaskScheduler.Default) };
        for (var i = 0; i < 10; i++)
        {
            work.Add(client.ReadAsync($"t{i}", Notes));
            work.Add(client.CreateAsync(Sample.Submission, Notes));
        }
        await Clock.Drive(Task.WhenAll(work));
        Assert.Equal(sent, gateway.Sent.Length);
        Assert.All(gateway.Sent.Skip(1), s => Assert.True(s.At - Start >= TimeSpan.FromSeconds(20)));
        Assert.Contains("20 s", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
        Assert.Equal(1, client.Counters.Throttled);
    }

    [Fact]
    public async Task A_429_without_retry_after_holds_only_its_own_request()
    {
        var (client, gateway) = Setup(Answers.Json("", 429), Answers.Json(Sample.Created));
        var putOff = client.CreateAsync(Sample.Submission);
        await client.ReadAsync("t");
        Assert.Equal(Start, gateway.Sent[1].At);
        Assert.False(putOff.IsCompleted);
        await Clock.Drive(putOff);
    }

    [Fact]
    public async Task A_shorter_pause_does_not_end_a_longer_one()
    {
        var both = new TaskCompletionSource();
        var (client, gateway) = Setup(Answers.After(both.Task, Answers.Json("", 429, "30")), Answers.After(both.Task, Answers.Json("", 429, "5")), Answers.Json(Sample.Completed));
        var work = Task.WhenAll(client.ReadAsync("a"), client.ReadAsync("b"));
        both.SetResult();
        await Clock.Drive(work);
        Assert.All(gateway.Sent.Skip(2), s => Assert.True(s.At - Start >= TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_pause_beyond_the_retry_timeout_ends_with_it()
    {
        var options = new GatewayOptions { BaseUri = Sample.BaseUri, RetryTimeout = TimeSpan.FromSeconds(60) };
        var (client, gateway) = Setup(options, Answers.Json("", 429, "86400"), Answers.Json(Sample.Completed));
        await Clock.Failure(client.CreateAsync(Sample.Submission));
        await Clock.Drive(client.ReadAsync("t"), most: TimeSpan.FromMinutes(5));
        Assert.True(At(gateway, 1) >= TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_short_pause_is_no_news_for_the_user()
    {
        var (client, _) = Setup(Answers.Json("", 429, "1"), Answers.Json(Sample.Completed));
        await Clock.Drive(client.ReadAsync("t", Notes));
        Assert.Empty(Notes.Warnings);
        Assert.Single(Notes.Lines);
    }
}
