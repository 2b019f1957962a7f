namespace MidJourney.Client.Tests;

/// <summary>The n-th record of one work in one command is matched with the n-th newest entry that the journal held when the command first met that work.</summary>
public sealed class OccurrenceTests : JournalTestBase
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Four_records_of_one_command_make_four_and_once_more_return_those_four()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"), Accepts("t3"), Accepts("t4"));
        Assert.Equal(["t1", "t2", "t3", "t4"], await CommandAsync(client, 4));
        Assert.Equal(["t4", "t3", "t2", "t1"], await CommandAsync(client, 4));
        Assert.Equal(4, gateway.Sent.Length);
    }

    [Fact]
    public async Task Four_commands_of_one_record_make_one_and_return_it_three_times()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        for (var n = 0; n < 4; n++) Assert.Equal(["t1"], await CommandAsync(client, 1));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task More_records_than_entries_make_the_rest()
    {
        Append(Created("old", Hour * 2) + Created("new", Hour));
        var (client, gateway) = SetupWithJournal(Accepts("made"));
        Assert.Equal(["new", "old", "made"], await CommandAsync(client, 3));
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task Those_at_the_same_time_are_made_each()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t"));
        var guard = await client.GuardAsync(Guarded, null, default);
        var records = Enumerable.Range(0, 20).Select(_ => guard.Begin(Sample.Submission, null)).ToArray();
        await Clock.Drive(Task.WhenAll(records.Select(r => client.CreateAsync(Sample.Submission, r, null, null, default))));
        Assert.Equal(20, gateway.Sent.Length);
    }

    [Fact]
    public async Task What_failed_is_gone_or_was_not_made_does_not_count()
    {
        Append(Created("good", Hour) + Created("failed", Hour) + Ended("failed", Hour, "failed") + Created("gone", Hour) + LineOf("gone", "", Hour, ",\"taskId\":\"gone\"")
            + LineOf("submitting", "x", Hour, By(Dead)) + LineOf("withdrawn", "x", Hour));
        var (client, _) = SetupWithJournal(Accepts("made"));
        Assert.Equal(["good", "made"], await CommandAsync(client, 2));
    }

    [Fact]
    public async Task What_another_process_makes_meanwhile_satisfies_one_record()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        var guard = await client.GuardAsync(Guarded, null, default);
        Assert.Equal("t1", await NextAsync(client, guard));
        Append(Created("theirs", TimeSpan.Zero));
        Assert.Equal("theirs", await NextAsync(client, guard));
        Assert.Equal("t2", await NextAsync(client, guard));
        Assert.Equal(2, gateway.Sent.Length);
    }

    /// <summary>Begun from memory, asked again under the lock.</summary>
    [Fact]
    public async Task What_another_process_makes_between_the_question_and_the_claim_is_not_paid_twice()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        var guard = await client.GuardAsync(Guarded, null, default);
        var record = guard.Begin(Sample.Submission, null);
        Assert.Equal(DuplicateAction.Make, record.Action);
        Append(Created("theirs", TimeSpan.Zero));
        Assert.Equal("theirs", (await client.CreateAsync(Sample.Submission, record, null, null, default)).Id);
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task What_another_process_makes_in_place_of_one_that_is_too_old_is_not_paid_twice()
    {
        Append(Created("old1", Hour * 50) + Ended("old1", Hour * 49) + Created("old2", Hour * 50) + Ended("old2", Hour * 49));
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        var guard = await client.GuardAsync(Guarded, null, default);
        var records = Enumerable.Range(0, 2).Select(_ => guard.Begin(Sample.Submission, null)).ToArray();
        Assert.All(records, r => Assert.Equal((DuplicateAction.Make, true), (r.Action, r.KnownTaskId is "old1" or "old2")));
        Append(Created("theirs", TimeSpan.Zero));
        Assert.Equal("theirs", (await client.CreateAsync(Sample.Submission, records[0], null, null, default)).Id);
        Assert.Equal("t1", (await client.CreateAsync(Sample.Submission, records[1], null, null, default)).Id);
        Assert.Single(gateway.Sent);
    }

    [Fact]
    public async Task With_Force_each_record_is_made()
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
