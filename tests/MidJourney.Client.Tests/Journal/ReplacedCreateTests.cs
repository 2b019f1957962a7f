namespace MidJourney.Client.Tests;

/// <summary>-Force and -RetryUnknown record which entry they replace; a replaced unknown outcome never blocks again.</summary>
public sealed class ReplacedCreateTests : JournalTestBase
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replaced_unknown_outcome_never_blocks_again(bool byForce)
    {
        Append(LineOf("submitting", "a", Hour, By(Dead)));
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Answers.Json("{}", 400));
        var task = await CreateAsync(client, Sample.Submission, byForce ? Force : RetryUnknown);
        Assert.Contains($"\"replaces\":\"{NameOf("a")}\"", Text, StringComparison.Ordinal);
        // Not even if the replacement is gone.
        var compacting = NewJournal(maxBytes: 1);
        await compacting.RecordGoneAsync(task.Id, Sample.BaseUri, client.Account);
        await Until(() => !compacting.IsWriting);
        Assert.Equal(GatewayErrorKind.GatewayRefused, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission))).Kind);
        var (other, otherGateway) = SetupWithJournal(Accepts("t2"));
        Assert.Equal("t2", (await CreateAsync(other, Sample.Submission)).Id);
        Assert.Equal((2, 1), (gateway.Sent.Length, otherGateway.Sent.Length));
    }

    [Fact]
    public async Task Each_record_replaces_one_of_several_unknown_outcomes()
    {
        Append(LineOf("submitting", "a", Hour, By(Dead)) + LineOf("unknown", "b", Hour));
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        await CreateAsync(client, Sample.Submission, RetryUnknown);
        Assert.Contains($"\"replaces\":\"{NameOf("b")}\"", Text, StringComparison.Ordinal);
        // The created task is newer than the other one.
        Assert.Equal("t1", (await CreateAsync(client, Sample.Submission)).Id);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Two_processes_retry_an_unknown_outcome_once()
    {
        Append(LineOf("submitting", "a", Hour, By(Dead)));
        var go = new TaskCompletionSource();
        var (first, one) = SetupWithJournal(Answers.After(go.Task, Accepts("t1")));
        var (second, two) = SetupWithJournal(Accepts("t2"));
        var guard = await second.GuardAsync(RetryUnknown, null, default);
        var record = guard.Begin(Sample.Submission, null);
        Assert.Equal(DuplicateAction.Submit, record.Action);
        var made = CreateAsync(first, Sample.Submission, RetryUnknown);
        await Until(() => one.BodiesSent == 1);
        var waiting = second.CreateAsync(Sample.Submission, record, null, null, default);
        await Clock.Pass(TimeSpan.FromSeconds(1));
        go.SetResult();
        Assert.Equal("t1", (await made.WaitAsync(TimeSpan.FromMinutes(1))).Id);
        Assert.Equal("t1", (await Clock.Drive(waiting)).Id);
        Assert.Empty(two.Sent);
    }

    [Fact]
    public async Task Replaced_task_is_recorded_and_stays_listed()
    {
        Append(Created("t0", Hour));
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await CreateAsync(client, Sample.Submission, Force);
        Assert.Contains("\"replaces\":\"t0\"", Text, StringComparison.Ordinal);
        Assert.Equal(["t1", "t0"], Listed().Select(t => t.Id));
    }
}
