namespace MidJourney.Client.Tests;

/// <summary>The n-th record of one work in one command is matched with the n-th newest entry that the journal held when the command first met that work.</summary>
public sealed class OccurrenceTests : JournalTestBase
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task One_command_with_four_records_creates_four_tasks_and_a_rerun_returns_them()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"), Accepts("t3"), Accepts("t4"));
        Assert.Equal(["t1", "t2", "t3", "t4"], await CommandAsync(client, 4));
        Assert.Equal(["t4", "t3", "t2", "t1"], await CommandAsync(client, 4));
        Assert.Equal(4, gateway.Sent.Length);
    }

    [Fact]
    public async Task Four_commands_with_one_record_create_one_task_and_return_it_three_times()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        for (var n = 0; n < 4; n++) Assert.Equal(["t1"], await CommandAsync(client, 1));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task More_records_than_entries_create_the_rest()
    {
        Append(Created("old", Hour * 2) + Created("new", Hour));
        var (client, gateway) = SetupWithJournal(Accepts("made"));
        Assert.Equal(["new", "old", "made"], await CommandAsync(client, 3));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Concurrent_records_of_one_command_are_all_created()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t"));
        var guard = await client.GuardAsync(Guarded, null, default);
        var records = Enumerable.Range(0, 20).Select(_ => guard.Begin(Sample.Submission, null)).ToArray();
        await Clock.Drive(Task.WhenAll(records.Select(r => client.CreateAsync(Sample.Submission, r, null, null, default))));
        Assert.Equal(20, gateway.Sent.Length);
    }

    [Fact]
    public async Task Failed_gone_and_withdrawn_entries_do_not_count()
    {
        Append(Created("good", Hour) + Created("failed", Hour) + Ended("failed", Hour, "failed") + Created("gone", Hour) + LineOf("gone", "", Hour, ",\"taskId\":\"gone\"")
            + LineOf("submitting", "x", Hour, By(Dead)) + LineOf("withdrawn", "x", Hour));
        var (client, _) = SetupWithJournal(Accepts("made"));
        Assert.Equal(["good", "made"], await CommandAsync(client, 2));
    }

    [Fact]
    public async Task Task_that_another_process_creates_meanwhile_satisfies_one_record()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        var guard = await client.GuardAsync(Guarded, null, default);
        Assert.Equal("t1", await NextAsync(client, guard));
        Append(Created("theirs", TimeSpan.Zero));
        Assert.Equal("theirs", await NextAsync(client, guard));
        Assert.Equal("t2", await NextAsync(client, guard));
        Assert.Equal(2, gateway.Sent.Length);
    }

    /// <summary>The first decision is made from memory, and repeated under the lock.</summary>
    [Fact]
    public async Task Task_that_another_process_creates_before_the_claim_is_not_paid_twice()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        var guard = await client.GuardAsync(Guarded, null, default);
        var record = guard.Begin(Sample.Submission, null);
        Assert.Equal(DuplicateAction.Submit, record.Action);
        Append(Created("theirs", TimeSpan.Zero));
        Assert.Equal("theirs", (await client.CreateAsync(Sample.Submission, record, null, null, default)).Id);
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task Task_that_another_process_creates_to_replace_an_old_one_is_not_paid_twice()
    {
        Append(Created("old1", Hour * 50) + Ended("old1", Hour * 49) + Created("old2", Hour * 50) + Ended("old2", Hour * 49));
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        var guard = await client.GuardAsync(Guarded, null, default);
        var records = Enumerable.Range(0, 2).Select(_ => guard.Begin(Sample.Submission, null)).ToArray();
        Assert.All(records, r => Assert.Equal((DuplicateAction.Submit, true), (r.Action, r.KnownTaskId is "old1" or "old2")));
        Append(Created("theirs", TimeSpan.Zero));
        Assert.Equal("theirs", (await client.CreateAsync(Sample.Submission, records[0], null, null, default)).Id);
        Assert.Equal("t1", (await client.CreateAsync(Sample.Submission, records[1], null, null, default)).Id);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Force_creates_every_record()
    {
        Append(Created("old", Hour) + Created("new", Hour));
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        await CommandAsync(client, 3, Force);
        Assert.Equal(3, gateway.Sent.Length);
    }

    private static async Task<string[]> CommandAsync(GatewayClient client, int records, DuplicatePolicy? policy = null)
    {
        var guard = await client.GuardAsync(policy ?? Guarded, null, default);
        var ids = new string[records];
        for (var n = 0; n < records; n++) ids[n] = await NextAsync(client, guard);
        return ids;
    }

    private static async Task<string> NextAsync(GatewayClient client, DuplicateGuard guard) =>
        (await client.CreateAsync(Sample.Submission, guard.Begin(Sample.Submission, null), null, null, default)).Id;
}
