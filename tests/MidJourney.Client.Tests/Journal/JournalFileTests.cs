using System.Runtime.Versioning;

namespace MidJourney.Client.Tests;

/// <summary>What can happen to the file.</summary>
public sealed class JournalFileTests : JournalTestBase
{
    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_owner_can_read_the_file()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JournalPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(JournalPath)!));
    }

    [Fact]
    public async Task Checking_it_makes_its_lock_and_nothing_else()
    {
        Assert.Equal(0, await NewJournal().CheckUsableAsync(CancellationToken.None));
        Assert.Equal([JournalPath + ".lock"], Directory.GetFiles(Path.GetDirectoryName(JournalPath)!));
        Append("""{"v":1,"event":"submitting","ref":"a","baseU""");
        var before = Text;
        // A writer in another process is no fault.
        using var held = new FileStream(JournalPath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        await NewJournal().CheckUsableAsync(CancellationToken.None);
        Assert.Equal(before, Text);
    }

    [Fact]
    public async Task Torn_last_line_loses_only_itself()
    {
        Append("""{"v":1,"event":"submitting","ref":"a","baseU""");
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        var (tasks, badLines) = Read(NewJournal());
        Assert.Equal(("t1", 1), (Assert.Single(tasks).Id, badLines));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"v\":1,\"event\":\"created\"")]
    [InlineData("[1,2]")]
    [InlineData("\u0000\u0000\u0000")]
    [InlineData("{\"event\":\"created\",\"ref\":\"\\ud800\",\"model\":\"\\ud800\"}")]
    public async Task Unreadable_line_in_the_middle_loses_only_itself(string bad)
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await client.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard));
        Append(bad + "\n");
        await client.CreateAsync(Sample.Upscale("b", 0, UpscaleType.Standard));
        var (tasks, badLines) = Read(NewJournal());
        Assert.Equal(["t2", "t1"], tasks.Select(t => t.Id));
        Assert.Equal(1, badLines);
        await CreateAsync(client, Sample.Upscale("a", 0, UpscaleType.Standard), Skip);
        Assert.Equal(2, gateway.Sent.Length);
    }

    [Fact]
    public async Task Lines_and_fields_of_a_later_version_are_ignored()
    {
        Append("""{"v":3,"event":"archived","what":[1,{"a":2}]}""" + "\n");
        Append("""{"v":3,"event":"created","time":"2024-03-09T15:00:00Z","ref":"a","baseUri":"https://gateway.test","model":"midjourney_upscale","params":{"jobId":"job-1","imageNo":2,"type":1},"taskId":"t1","task":{"status":"in_progress","new":true},"more":{"x":1}}""" + "\r\n");
        var (tasks, badLines) = Read(NewJournal());
        Assert.Equal(("t1", 0), (Assert.Single(tasks).Id, badLines));
        var (client, gateway) = SetupWithJournal(Accepts("t2"));
        await CreateAsync(client, Sample.Submission, Skip);
        Assert.Empty(gateway.Sent);
    }

    [Fact]
    public async Task Concurrent_writers_never_mix_their_lines()
    {
        var clients = Enumerable.Range(0, 4).Select(n => SetupWithJournal(Accepts("t" + n)).Client).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(n => clients[n % 4].CreateAsync(Sample.Upscale($"job-{n}", 0, UpscaleType.Standard))));
        Assert.Equal(400, Events.Count(e => e == "submitting"));
        Assert.Equal(400, Events.Count(e => e == "created"));
        Assert.Equal(400, Listed().Count);
    }

    [Fact]
    public async Task File_that_cannot_be_written_gives_one_warning_and_the_session_uses_memory()
    {
        File.WriteAllText(Path.Combine(FolderPath, "state"), "a file where the folder should be");
        var journal = NewJournal();
        var (client, gateway) = SetupWith(journal, Accepts("t1"));
        for (var i = 0; i < 6; i++) await CreateAsync(client, Sample.Upscale($"job-{i % 3}", 0, UpscaleType.Standard), notes: Notes);
        Assert.Equal(3, gateway.Sent.Length);
        Assert.Contains(JournalPath, Assert.Single(Notes.Warnings), StringComparison.Ordinal);
        Assert.Equal(3, Read(journal).Tasks.Count);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Required_journal_must_work(bool byName, bool bySwitch)
    {
        File.WriteAllText(Path.Combine(FolderPath, "state"), "a file where the folder should be");
        var (client, gateway) = Setup(new GatewayOptions { BaseUri = Sample.BaseUri, Journal = NewJournal(), IsJournalRequired = byName }, Accepts("t1"));
        var error = await Assert.ThrowsAsync<GatewayException>(() => CreateAsync(client, Sample.Submission, bySwitch ? Skip : Guarded, Notes));
        Assert.Equal(GatewayErrorKind.JournalUnavailable, error.Kind);
        Assert.Empty(gateway.Sent);
        Assert.Empty(Notes.Warnings);
    }

    [Fact]
    public async Task Read_only_file_is_still_known()
    {
        var (first, _) = SetupWithJournal(Accepts("t1"));
        await first.CreateAsync(Sample.Upscale("a", 0, UpscaleType.Standard));
        File.Delete(JournalPath + ".lock");
        Directory.CreateDirectory(JournalPath + ".lock");
        var (second, gateway) = SetupWithJournal(Accepts("t2"));
        Assert.Equal("t1", (await CreateAsync(second, Sample.Upscale("a", 0, UpscaleType.Standard), notes: Notes)).Id);
        for (var i = 0; i < 2; i++) Assert.Equal("t2", (await CreateAsync(second, Sample.Upscale("b", 0, UpscaleType.Standard), notes: Notes)).Id);
        Assert.Single(gateway.Sent);
        Assert.Contains(JournalPath, Assert.Single(Notes.Warnings), StringComparison.Ordinal);
        Assert.Equal(["submitting", "created"], Events);
    }

    /// <summary>A folder in which not even root can create a file.</summary>
    [LinuxFact]
    public async Task Read_only_folder_gives_one_warning_and_the_session_uses_memory()
    {
        var journal = new TaskJournal("/sys/kernel/midjourney/journal.jsonl", Clock);
        var (client, gateway) = SetupWith(journal, Accepts("t1"), Accepts("t2"));
        for (var i = 0; i < 4; i++) await CreateAsync(client, Sample.Upscale($"job-{i % 2}", 0, UpscaleType.Standard), notes: Notes);
        Assert.Equal(2, gateway.Sent.Length);
        Assert.Contains("/sys/kernel/midjourney", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
        Assert.Equal(["t2", "t1"], Read(journal).Tasks.Select(t => t.Id));
    }

    [Fact]
    public async Task Tasks_in_memory_are_written_when_a_command_requires_the_file()
    {
        var blocker = Path.Combine(FolderPath, "state");
        File.WriteAllText(blocker, "");
        var (client, _) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await CreateAsync(client, Sample.Upscale("a", 0, UpscaleType.Standard), notes: Notes);
        File.Delete(blocker);
        await CreateAsync(client, Sample.Upscale("b", 0, UpscaleType.Standard), Skip, Notes);
        Assert.Equal(["submitting", "created", "submitting", "created"], Events);
    }

    [Fact]
    public async Task Deleted_file_is_created_again()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await CreateAsync(client, Sample.Submission);
        File.Delete(JournalPath);
        Assert.Equal("t1", (await CreateAsync(client, Sample.Submission)).Id);
        Assert.Single(gateway.Sent);
        Assert.Equal("t1", Assert.Single(Listed()).Id);
    }

    [Fact]
    public async Task Unexpected_failure_of_one_claim_completes_every_write_and_loses_no_line()
    {
        var journal = NewJournal();
        var (client, _) = SetupWith(journal, Accepts("t1"));
        await CreateAsync(client, Sample.Upscale("a", 0, UpscaleType.Standard));
        Task first, created, claim;
        using (new FileStream(JournalPath + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            // While the first waits, the others are queued for one write.
            first = journal.WriteAsync(JournalLineWriter.NotCreated("x", null, Start), null);
            created = journal.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Created("t2", TimeSpan.Zero)), null);
            claim = journal.ClaimAsync("c", () => [], () => throw new InvalidOperationException("unforeseen"));
        }
        await Task.WhenAll(first, created).WaitAsync(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<GatewayException>(() => claim.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("t2", (await CreateAsync(client, Sample.Submission)).Id);
        await CreateAsync(client, Sample.Upscale("b", 0, UpscaleType.Standard));
        Assert.Equal(["t1", "t1-2", "t2"], Listed().Select(t => t.Id).Order());
        Assert.Single(Events, e => e == "withdrawn");
    }
}
