namespace MidJourney.Client.Tests;

/// <summary>What is told of the decisions of the poll schedule and the rate limiter.</summary>
public sealed class DetailTests : PollerTestBase
{
    public DetailTests() => Notes.WantsDetails = true;

    [Fact]
    public async Task The_schedule_tells_when_each_task_is_read_next_and_why()
    {
        var reader = Reader(look => new MJTask { Id = look.Id, RawStatus = look.At < TimeSpan.FromSeconds(20) ? "in_progress" : "completed", Status = look.At < TimeSpan.FromSeconds(20) ? MJTaskStatus.InProgress : MJTaskStatus.Completed, Url = "u" });
        await PollAsync(reader, Ids(40));
        Assert.Contains("Task t0 at age 0.0 s: next read in 0.0 s (its age is unknown).", Notes.Details);
        Assert.Contains(Notes.Details, line => line.Contains("(typical duration not yet known; completed tasks seen: 0)", StringComparison.Ordinal));
        Assert.Contains(Notes.Details, line => line.Contains("Rescheduled the reads of ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_read_that_failed_is_planned_for_that_reason()
    {
        var failed = false;
        var reader = Reader(look =>
        {
            if (failed) return new MJTask { Id = look.Id, Status = MJTaskStatus.Completed, Url = "u" };
            failed = true;
            throw new GatewayException(GatewayErrorKind.ServerError, "HTTP 500.") { IsTransient = true };
        });
        await PollAsync(reader, ["t"]);
        Assert.Matches(@"^Task t at age [0-9.]+ s: next read in 0\.[0-9] s \(retry after a fault, or waiting for its URL\)\.$", Notes.Details[^1]);
    }

    [Fact]
    public async Task The_limiter_tells_the_rate_it_found_and_who_waits_for_what()
    {
        var (client, _) = Setup(Answers.Json("", 429), Answers.Json(Sample.Created));
        await Clock.Drive(client.CreateAsync(Sample.Submission, Notes));
        Assert.Collection(Notes.Details,
            line => Assert.Equal("HTTP 429: the create rate is now 0.96 requests per second.", line),
            line => Assert.Matches("^A create request waited [0-9]+ ms: the gateway accepts 0.96 requests per second.$", line));
    }

    [Fact]
    public async Task A_pause_too_short_for_a_warning_is_told()
    {
        var (client, _) = Setup(Answers.Json("", 429, "3"), Answers.Json(Sample.Completed));
        await Clock.Drive(client.ReadAsync("t", Notes));
        Assert.Contains("The gateway is throttling requests (HTTP 429, Retry-After): this session sends none for 3 s.", Notes.Details);
    }

    [Fact]
    public async Task A_full_house_is_told()
    {
        var go = new TaskCompletionSource();
        var (client, _) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, ThrottleLimit = 1 }, Answers.After(go.Task, Answers.Json(Sample.Completed)), Answers.Json(Sample.Completed));
        var first = client.ReadAsync("a", Notes);
        var second = client.ReadAsync("b", Notes);
        Assert.Equal("A read request is waiting: the concurrency limit is reached.", Assert.Single(Notes.Details));
        Clock.Advance(TimeSpan.FromSeconds(3));
        go.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(["A read request waited 3000 ms: the concurrency limit was reached."], Notes.Details.Skip(1));
    }
}
