using System.Diagnostics;
using System.Runtime.Versioning;

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
            Assert.Equal(GatewayErrorKind.JournalUnavailable, Assert.Throws<GatewayException>(() => journal.Read(Sample.BaseUri)).Kind);
            Assert.Equal(GatewayErrorKind.JournalUnavailable, Assert.Throws<GatewayException>(() => journal.Find(Sample.Submission, Sample.BaseUri)).Kind);
        }
    }

    [UnixFact]
    public async Task A_pipe_that_comes_later_is_an_error_instead_of_a_wait()
    {
        var (client, gateway) = SetupWithJournal(Accepts("t"));
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        using (var made = Process.Start("mkfifo", JournalPath)) await made.WaitForExitAsync();
        var error = await Clock.Failure(client.CreateAsync(Sample.Submission, DuplicatePolicy.Skip));
        Assert.Equal((GatewayErrorKind.JournalUnavailable, 0), (error.Kind, gateway.Sent.Length));
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
            Assert.Equal("t1", journal.Find(Sample.Submission, Sample.BaseUri)?.Task.Id);
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
