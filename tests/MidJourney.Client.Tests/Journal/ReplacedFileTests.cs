namespace MidJourney.Client.Tests;

/// <summary>The file is deleted, torn, put back or replaced while it is in use.</summary>
public sealed class ReplacedFileTests : JournalTestBase
{
    [Fact]
    public async Task What_this_process_made_is_written_again_when_the_file_was_deleted_even_after_another_had_made_it_smaller()
    {
        var (client, gateway) = SetupWith(NewJournal(), Accepts("t1"), Answers.CutAfterSending(), Accepts("t3"), Accepts("t4"));
        var other = NewJournal(maxBytes: 1);
        var (second, _) = SetupWith(other, Accepts("theirs"));
        await CreateAsync(client, Job(1));
        await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Job(2)));
        var file = Lines()[0].GetProperty("id").GetString();
        await CreateAsync(second, Job(10));
        await Until(() => !other.IsWriting);
        Assert.NotEqual(file, Lines()[0].GetProperty("id").GetString());
        await CreateAsync(client, Job(3));
        File.Delete(JournalPath);
        await CreateAsync(client, Job(4));
        Assert.Equal(["", "t1", "t3", "t4"], Listed().Select(t => t.Id).Order());
        // The other one adds what it made.
        await CreateAsync(second, Job(11));
        Assert.Equal(["", "t1", "t3", "t4", "theirs", "theirs-2"], Listed().Select(t => t.Id).Order());
        var (third, none) = SetupWithJournal(Accepts("third"));
        foreach (var n in new[] { 1, 3, 4, 10, 11 }) Assert.True((await CreateAsync(third, Job(n))).IsKnown);
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(third, Job(2)))).Kind);
        Assert.Equal((4, 0), (gateway.Sent.Length, none.Sent.Length));
        await CreateAsync(client, Job(1), notes: Notes);
        Assert.Contains("was deleted or replaced while this session was using it", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    /// <summary>As an editor does that had it open, or what keeps files of several machines the same.</summary>
    [Fact]
    public async Task What_came_of_a_create_is_written_again_when_an_older_copy_is_put_back()
    {
        byte[] copy = [];
        Answer Copied(Answer answer) => (request, ended) =>
        {
            copy = File.ReadAllBytes(JournalPath);
            return answer(request, ended);
        };
        var journal = NewJournal();
        var (client, gateway) = SetupWith(journal, Copied(Accepts("t1")), Copied(Answers.Json("{}", 400)), Accepts("t3"));
        await CreateAsync(client, Job(1));
        await File.WriteAllBytesAsync(JournalPath, copy);
        Assert.Equal("t1", (await CreateAsync(client, Job(1))).Id);
        await Until(() => !journal.IsWriting);
        Assert.Equal("t1", Assert.Single(Listed()).Id);
        await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Job(2)));
        await File.WriteAllBytesAsync(JournalPath, copy);
        Assert.Equal("t3", (await CreateAsync(client, Job(2))).Id);
        Assert.Equal(["t1", "t3"], Listed().Select(t => t.Id).Order());
        Assert.Equal(3, gateway.Sent.Length);
    }

    [Theory]
    [InlineData("hello\nworld\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("{\"a\":1}\n")]
    public async Task Another_programs_file_in_its_place_stops_the_work_and_stays_as_it_is(string content)
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        var guard = await client.GuardAsync(Guarded, null, default);
        await client.CreateAsync(Job(1), guard.Begin(Job(1), null), null, null, default);
        var mine = await File.ReadAllBytesAsync(JournalPath);
        await File.WriteAllTextAsync(JournalPath, content);
        // In the middle of a command, and at the beginning of one.
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Job(2), guard.Begin(Job(2), null), null, null, default))).Kind);
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Job(3)))).Kind);
        Assert.Equal(content, Text);
        Assert.Single(gateway.Sent);
        await File.WriteAllBytesAsync(JournalPath, mine);
        Assert.True((await CreateAsync(client, Job(1))).IsKnown);
        Assert.False((await CreateAsync(client, Job(2))).IsKnown);
    }

    [Fact]
    public async Task A_folder_in_its_place_stops_the_work()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        await CreateAsync(client, Job(1));
        File.Delete(JournalPath);
        Directory.CreateDirectory(JournalPath);
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Job(2)))).Kind);
        Assert.Single(gateway.Sent);
        Directory.Delete(JournalPath);
        Assert.True((await CreateAsync(client, Job(1))).IsKnown);
    }

    /// <summary>As after a power loss.</summary>
    [Fact]
    public async Task NULs_at_its_end_cost_nothing_that_was_there()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await CreateAsync(client, Job(1));
        Append(new string('\0', 4096));
        var (other, _) = SetupWithJournal(Accepts("t2"));
        foreach (var c in new[] { client, other })
        {
            Assert.Equal("t1", (await CreateAsync(c, Job(1))).Id);
            Assert.Equal("t2", (await CreateAsync(c, Job(2))).Id);
        }
        Assert.Equal(2, gateway.Sent.Length);
        Assert.Equal((2, 1), (Listed().Count, Read(NewJournal()).BadLines));
    }

    [Fact]
    public async Task A_last_line_that_another_process_completes_later_is_read_then()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await CreateAsync(client, Job(1));
        var line = Created("theirs", TimeSpan.Zero, submission: Job(2));
        Append(line[..^40]);
        Assert.Equal("t1", (await CreateAsync(client, Job(1))).Id);
        Append(line[^40..]);
        Assert.Equal("theirs", (await CreateAsync(client, Job(2))).Id);
        Assert.Single(gateway.Sent);
    }

    /// <summary>A file whose first line is long, or has no end yet, is known by what there is.</summary>
    [Fact]
    public async Task A_first_line_that_is_long_does_no_harm()
    {
        var longText = new MJSubmission { Model = "midjourney_upscale", Parameters = [new("jobId", new string('x', 5000))] };
        Append(Created("old", TimeSpan.Zero, submission: longText));
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        Assert.Equal("old", (await CreateAsync(client, longText)).Id);
        await CreateAsync(client, Job(1));
        Append(Created("theirs", TimeSpan.Zero, submission: Job(2)));
        Assert.Equal("theirs", (await CreateAsync(client, Job(2))).Id);
        Assert.Single(gateway.Sent);
    }

    private static MJSubmission Job(int number) => Sample.Upscale($"job-{number}", 0, UpscaleType.Standard);

    [Fact]
    public async Task A_file_that_was_put_back_to_an_older_state_and_has_grown_again_is_read_anew()
    {
        var (first, gateway) = SetupWithJournal(Accepts("t0"), Accepts("t1"), Accepts("t2"));
        await CreateAsync(first, Sample.Upscale("job-0", 0, UpscaleType.Standard));
        var older = Text;
        await CreateAsync(first, Sample.Upscale("job-1", 0, UpscaleType.Standard));
        var length = Text.Length;
        File.WriteAllText(JournalPath, older);
        var (second, _) = SetupWithJournal([.. Enumerable.Range(0, 4).Select(n => Accepts($"theirs-{n}"))]);
        for (var n = 2; Text.Length <= length; n++) await CreateAsync(second, Sample.Upscale($"job-{n}", 0, UpscaleType.Standard));
        Assert.Equal("theirs-0", (await CreateAsync(first, Sample.Upscale("job-2", 0, UpscaleType.Standard))).Id);
        Assert.Equal(2, gateway.Sent.Length);
        // What the file has lost is written to it again.
        await CreateAsync(first, Sample.Upscale("job-9", 0, UpscaleType.Standard));
        Assert.Contains(Listed(), t => t.Id == "t1");
    }
}
