namespace MidJourney.Client.Tests;

/// <summary>A task that was accepted a moment ago may not be found yet.</summary>
public sealed class RecentTaskTests : JournalTestBase
{
    private static readonly Answer NotFound = Answers.Json("""{"error":{"message":"task not found"}}""", 404);

    [Fact]
    public async Task A_404_soon_after_the_create_is_read_again()
    {
        var (client, gateway) = Setup(Answers.Json(Sample.Created), NotFound, NotFound, NotFound, Answers.Json(Sample.Completed));
        var task = await Clock.Drive(client.CreateAsync(Sample.Submission));
        Assert.Equal(MJTaskStatus.Completed, (await Clock.Drive(client.ReadAsync(task.Id, Notes))).Status);
        Assert.Equal(5, gateway.Sent.Length);
        Assert.Contains("cannot find it yet", Notes.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_minute_it_is_final()
    {
        var (client, gateway) = Setup(Answers.Json(Sample.Created), NotFound);
        var task = await Clock.Drive(client.CreateAsync(Sample.Submission));
        var error = await Clock.Failure(client.ReadAsync(task.Id));
        Assert.Equal((GatewayErrorKind.TaskNotFound, false), (error.Kind, error.IsTransient));
        Assert.InRange(Clock.GetUtcNow() - Start, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
        var sent = gateway.Sent.Length;
        await Clock.Failure(client.ReadAsync(task.Id));
        Assert.Equal(sent + 1, gateway.Sent.Length);
    }

    [Fact]
    public async Task Nobody_waits_for_an_id_that_nobody_has_heard_of()
    {
        var (client, gateway) = SetupWithJournal(NotFound);
        Assert.Equal(GatewayErrorKind.TaskNotFound, (await Clock.Failure(client.ReadAsync("t"))).Kind);
        Assert.Single(gateway.Sent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3600)]
    public async Task What_another_session_made_is_as_young_by_the_journal(int secondsAgo)
    {
        var (other, _) = SetupWithJournal(Answers.Json("""{"id":"theirs"}"""));
        await Clock.Drive(other.CreateAsync(Sample.Submission));
        // The other's clock may be behind.
        if (secondsAgo < 0) File.WriteAllText(JournalPath, File.ReadAllText(JournalPath).Replace("2024-03-09T16:", "2024-03-09T17:", StringComparison.Ordinal));
        var (client, gateway) = SetupWithJournal(NotFound, NotFound, Answers.Json("""{"id":"theirs","status":"in_progress"}"""));
        Assert.Equal(MJTaskStatus.InProgress, (await Clock.Drive(client.ReadAsync("theirs"))).Status);
        Assert.Equal(3, gateway.Sent.Length);
    }

    [Fact]
    public async Task What_another_session_made_an_hour_ago_is_gone()
    {
        var (other, _) = SetupWithJournal(Answers.Json("""{"id":"theirs"}"""));
        await Clock.Drive(other.CreateAsync(Sample.Submission));
        Clock.Advance(TimeSpan.FromHours(1));
        var (client, gateway) = SetupWithJournal(NotFound);
        await Clock.Failure(client.ReadAsync("theirs"));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task A_wait_goes_on_past_it_and_ends_with_its_own_deadline()
    {
        var (client, _) = Setup(Answers.Json(Sample.Created), NotFound);
        var task = await Clock.Drive(client.CreateAsync(Sample.Submission));
        var outcomes = new List<PollOutcome>();
        var poller = client.NewPoller(TimeSpan.Zero, Notes);
        poller.Add(task, TimeSpan.FromSeconds(10));
        poller.EndAdding();
        await Clock.Drive(poller.RunAsync((outcome, _) => { outcomes.Add(outcome); return default; }, default));
        Assert.Equal(GatewayErrorKind.WaitTimeout, Assert.Single(outcomes).Error?.Kind);
    }
}
