namespace MidJourney.Client.Tests;

/// <summary>The file is deleted, torn, restored or replaced while it is in use.</summary>
public sealed class ReplacedFileTests : JournalTestBase
{
    [Fact]
    public async Task Own_tasks_are_written_again_after_the_file_was_deleted_even_if_another_process_had_compacted_it()
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
        // The other process adds its own tasks.
        await CreateAsync(second, Job(11));
        Assert.Equal(["", "t1", "t3", "t4", "theirs", "theirs-2"], Listed().Select(t => t.Id).Order());
        var (third, none) = SetupWithJournal(Accepts("third"));
        foreach (var n in new[] { 1, 3, 4, 10, 11 }) Assert.True((await CreateAsync(third, Job(n))).IsKnown);
        Assert.Equal(GatewayErrorKind.SubmitOutcomeUnknown, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(third, Job(2)))).Kind);
        Assert.Equal((4, 0), (gateway.Sent.Length, none.Sent.Length));
        await CreateAsync(client, Job(1), notes: Notes);
        Assert.Contains("was deleted or replaced while this session was using it", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    /// <summary>As an editor or a synchronization tool does.</summary>
    [Fact]
    public async Task Outcome_is_written_again_after_an_older_copy_is_restored()
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
    public async Task Another_programs_file_at_the_path_stops_the_batch_and_is_not_changed(string content)
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        var guard = await client.GuardAsync(Guarded, null, default);
        await client.CreateAsync(Job(1), guard.Begin(Job(1), null), null, null, default);
        var mine = await File.ReadAllBytesAsync(JournalPath);
        await File.WriteAllTextAsync(JournalPath, content);
        // During a command, and at the start of one.
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => client.CreateAsync(Job(2), guard.Begin(Job(2), null), null, null, default))).Kind);
        Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Job(3)))).Kind);
        Assert.Equal(content, Text);
        Assert.Single(gateway.Sent);
        await File.WriteAllBytesAsync(JournalPath, mine);
        Assert.True((await CreateAsync(client, Job(1))).IsKnown);
        Assert.False((await CreateAsync(client, Job(2))).IsKnown);
    }

    [Fact]
    public async Task Folder_at_the_path_stops_the_batch()
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

    /// <summary>As after a power failure.</summary>
    [Fact]
    public async Task NULs_at_the_end_lose_no_line()
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
    public async Task Incomplete_last_line_is_read_once_another_process_completes_it()
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

    /// <summary>The beginning of a long first line identifies the file.</summary>
    [Fact]
    public async Task Long_first_line_is_no_problem()
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
    public async Task File_restored_to_an_older_state_that_grew_again_is_read_again()
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
        // Lost tasks are written to the file again.
        await CreateAsync(first, Sample.Upscale("job-9", 0, UpscaleType.Standard));
        Assert.Contains(Listed(), t => t.Id == "t1");
    }
}
