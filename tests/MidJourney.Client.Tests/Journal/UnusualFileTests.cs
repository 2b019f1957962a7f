using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>What can be at the path of the journal, and who else can read or lock it.</summary>
public sealed class UnusualFileTests : JournalTestBase
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [UnixFact]
    public void Pipe_device_and_folder_are_rejected()
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
    public async Task Pipe_that_appears_later_is_an_error_and_does_not_block()
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
    public async Task File_without_a_journal_line_is_neither_used_nor_changed(string what, byte[] content)
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
    public async Task File_without_entries_is_a_journal(string content)
    {
        Append(content);
        var (client, _) = SetupWithJournal(Accepts("t1"));
        var notes = new Notes();
        Assert.Equal("t1", (await Clock.Drive(CreateAsync(client, Sample.Submission, Skip, notes))).Id);
        Assert.Empty(notes.Warnings);
        Assert.Equal("t1", Assert.Single(Listed()).Id);
    }

    [Fact]
    public async Task Unreadable_lines_give_one_warning_with_their_number()
    {
        Append("not a line\n{\"v\":1,\"event\":\"journal\",\"id\":\"x\"}\nneither\n");
        var (client, _) = SetupWithJournal(Accepts("t1"));
        for (var n = 0; n < 2; n++) await CreateAsync(client, Sample.Submission, notes: Notes);
        Assert.EndsWith(": 2. Work that is recorded only in those lines may be billed again.", Assert.Single(Notes.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_line_without_line_break_is_read_and_ended_before_the_next()
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
    public async Task Link_to_a_file_that_does_not_exist_yet_gives_no_warning()
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
    public void Device_names_are_recognized(string path, bool isDevice) => Assert.Equal(isDevice, RegularFile.IsDevice(path));

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Journal_that_others_can_read_becomes_private()
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
    public async Task Folder_and_file_are_created_for_the_owner_only()
    {
        var (client, _) = SetupWithJournal(Accepts("t1"));
        await client.CreateAsync(Sample.Submission);
        Assert.Equal(Owner, File.GetUnixFileMode(JournalPath));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(JournalPath)!));
    }

    /// <summary>Reading and recording do not wait for a process that holds the lock.</summary>
    [Fact]
    public async Task Held_lock_does_not_block_reading()
    {
        var journal = NewJournal();
        var (client, _) = SetupWith(journal, Accepts("t1"));
        var task = await client.CreateAsync(Sample.Submission);
        using (new FileStream(JournalPath + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            journal.RecordEnded(task with { Status = MJTaskStatus.Completed, RawStatus = "completed" }, Sample.BaseUri);
            var flushing = journal.FlushAsync();
            // The writer waits 30 s for the lock.
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
        // It is written once the lock is released.
        await Task.Run(async () =>
        {
            while (!Events.Contains("ended")) await journal.FlushAsync();
        }).WaitAsync(TimeSpan.FromMinutes(1));
    }
}
