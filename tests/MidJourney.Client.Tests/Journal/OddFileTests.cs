using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>What stands where the journal is to be, and who else may read or hold it.</summary>
public sealed class OddFileTests : JournalTestBase
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [UnixFact]
    public void A_pipe_a_device_and_a_folder_are_no_journals()
    {
        var pipe = Path.Combine(FolderPath, "pipe");
        using (var made = Process.Start("mkfifo", pipe)) made.WaitForExit();
        File.CreateSymbolicLink(Path.Combine(FolderPath, "link"), pipe);
        foreach (var path in new[] { pipe, Path.Combine(FolderPath, "link"), "/dev/null", "/dev/zero", FolderPath })
        {
            var journal = new TaskJournal(path, Clock);
            Assert.Throws<IOException>(journal.Check);
            Assert.Equal(GatewayErrorKind.JournalUnavailable, Assert.Throws<GatewayException>(() => Read(journal)).Kind);
            Assert.Equal(GatewayErrorKind.JournalUnavailable, Assert.Throws<GatewayException>(() => Known(journal, Sample.Submission)).Kind);
        }
    }

    [UnixFact]
    public async Task A_pipe_that_comes_later_is_an_error_instead_of_a_wait()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t"));
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        using (var made = Process.Start("mkfifo", JournalPath)) await made.WaitForExitAsync();
        var error = await Clock.Failure(CreateAsync(client, Sample.Submission, Skip));
        Assert.Equal((GatewayErrorKind.JournalUnavailable, 0), (error.Kind, gateway.Sent.Length));
    }

    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "UTF-16", Encoding.Unicode.GetBytes("\ufeff" + Good) },
        { "UTF-16, big end first", Encoding.BigEndianUnicode.GetBytes(Good) },
        { "UTF-32", Encoding.UTF32.GetBytes(Good) },
        { "NULs", new byte[5000] },
        { "NULs and line breaks", Encoding.ASCII.GetBytes("\0\0\0\n\0\0\n") },
        { "another program's text", "hello\nworld\n"u8.ToArray() },
        { "another program's JSON", "{\"a\":1}\n{\"b\":2}\n"u8.ToArray() },
        { "one value of JSON", "[1,2]"u8.ToArray() },
        { "line breaks of old", Encoding.ASCII.GetBytes(Good.Replace('\n', '\r')) },
    };

    private const string Good = """
        {"v":1,"event":"journal","time":"2024-03-09T16:00:00.000Z","id":"x"}
        {"v":1,"event":"created","ref":"a","time":"2024-03-09T16:00:00.000Z","baseUri":"https://gateway.test","model":"midjourney_upscale","params":{"jobId":"job-1","imageNo":0,"type":1},"taskId":"t1"}

        """;

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task What_holds_no_line_of_a_journal_is_neither_read_nor_added_to(string what, byte[] content)
    {
        Assert.NotEmpty(what);
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        await File.WriteAllBytesAsync(JournalPath, content);
        var (client, gateway) = SetupWithJournal(Accepts("t1"));
        foreach (var duplicates in new[] { Guarded, Skip, Force })
            Assert.Equal(GatewayErrorKind.JournalUnavailable, (await Clock.Failure(CreateAsync(client, Sample.Submission, duplicates))).Kind);
        Assert.Equal(GatewayErrorKind.JournalUnavailable, Assert.Throws<GatewayException>(() => Listed()).Kind);
        Assert.Empty(gateway.Sent);

        Assert.Equal(content, await File.ReadAllBytesAsync(JournalPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n \n")]
    [InlineData("{\"v\":1,\"event\":\"journal\",\"id\":\"x\"}\n")]
    public async Task A_file_without_entries_is_a_journal(string content)
    {
        Append(content);
        var (client, _) = SetupWithJournal(Accepts("t1"));
        var notes = new Notes();
        Assert.Equal("t1", (await Clock.Drive(CreateAsync(client, Sample.Submission, Skip, notes))).Id);
        Assert.Empty(notes.Warnings);
        Assert.Equal("t1", Assert.Single(Listed()).Id);
    }

    [Fact]
    public async Task Some_lines_that_cannot_be_read_are_warned_of_once_with_their_number()
    {
        Append("not a line\n{\"v\":1,\"event\":\"journal\",\"id\":\"x\"}\nneither\n");
        var (client, _) = SetupWithJournal(Accepts("t1"));
        for (var n = 0; n < 2; n++) await CreateAsync(client, Sample.Submission, notes: Notes);
        Assert.EndsWith(": 2. Work that is recorded only in those lines may be billed again.", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_line_without_its_end_is_read_and_ended_before_another()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"), Accepts("t2"));
        await Clock.Drive(client.CreateAsync(Sample.Submission));
        await File.WriteAllTextAsync(JournalPath, Text.TrimEnd().Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal("t1", Assert.Single(Listed()).Id);
        var again = SetupWithJournal(Accepts("t2"));
        Assert.Equal("t1", (await Clock.Drive(CreateAsync(again.Client, Sample.Submission, Skip))).Id);
        await Clock.Drive(CreateAsync(again.Client, Sample.Upscale("j2", 0, UpscaleType.Standard), Skip));
        Assert.Equal("t1", (await Clock.Drive(CreateAsync(again.Client, Sample.Submission, Skip))).Id);
        Assert.Equal((2, 0), (Listed().Count, Read(NewJournal()).BadLines));
    }

    [UnixFact]
    public async Task A_link_to_a_file_that_is_not_made_yet_is_no_reason_to_warn()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        File.CreateSymbolicLink(JournalPath, Path.Combine(FolderPath, "target"));
        var (client, _) = SetupWithJournal(Accepts("t1"));
        var notes = new Notes();
        await Clock.Drive(CreateAsync(client, Sample.Submission, Guarded, notes));
        Assert.Empty(notes.Warnings);
        Assert.Equal("t1", Assert.Single(Listed()).Id);
    }

    [Theory]
    [InlineData(@"\\.\NUL", true)]
    [InlineData(@"C:\a\nul", true)]
    [InlineData(@"C:\a\CON.jsonl", true)]
    [InlineData(@"C:\a\com1", true)]
    [InlineData(@"C:\a\LPT9.txt", true)]
    [InlineData(@"C:\a\conduct.jsonl", false)]
    [InlineData(@"C:\a\com.jsonl", false)]
    [InlineData(@"C:\nul\journal.jsonl", false)]
    public void Names_of_devices_are_known(string path, bool isDevice) => Assert.Equal(isDevice, RegularFile.IsDevice(path));

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_journal_that_others_can_read_is_narrowed()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        foreach (var file in new[] { JournalPath, JournalPath + ".lock" }) File.SetUnixFileMode(file, Everybody);
        Assert.Single(Listed());
        Assert.Equal((Owner, Owner), (File.GetUnixFileMode(JournalPath), File.GetUnixFileMode(JournalPath + ".lock")));

        File.SetUnixFileMode(JournalPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Single(Listed());
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(JournalPath));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_folder_and_the_file_are_made_for_their_owner_alone()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        Assert.Equal(Owner, File.GetUnixFileMode(JournalPath));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(JournalPath)!));
    }

    /// <summary>Others hold the lock for as long as they like; what is only asked or noted does not wait for them.</summary>
    [Fact]
    public async Task A_lock_that_is_held_keeps_nobody_from_asking()
    {
        var journal = NewJournal();
        var (client, _) = SetupWith(journal, Accepts("t1"));
        var task = await client.CreateAsync(Sample.Submission);
        using (new FileStream(JournalPath + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            journal.NoteEnded(task with { Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
            var flushing = journal.FlushAsync();
            // The writer waits for 30 s.
            await journal.LoadAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15));
            Assert.Equal("t1", Known(journal, Sample.Submission).KnownTaskId);
            Assert.Equal("t1", Assert.Single((await journal.ReadAsync(Sample.BaseUri).WaitAsync(TimeSpan.FromSeconds(15))).Tasks).Id);
            Assert.Equal("t1", Assert.Single(journal.ReadEnd(Sample.BaseUri)).Id);
            using var stop = new CancellationTokenSource();
            stop.Cancel();
            await journal.FlushAsync(null, stop.Token);
            await flushing;
            Assert.DoesNotContain("ended", Events);
        }
        // What could not be written then is written when it can be.
        await Task.Run(async () =>
        {
            while (!Events.Contains("ended")) await journal.FlushAsync();
        }).WaitAsync(TimeSpan.FromMinutes(1));
    }
}
