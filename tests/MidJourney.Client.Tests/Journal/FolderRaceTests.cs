namespace MidJourney.Client.Tests;

/// <summary>Two processes that use a new journal at the same time both create its folder.</summary>
public sealed class FolderRaceTests : JournalTestBase
{
    [Fact]
    public async Task Folder_that_another_process_just_created_is_used()
    {
        var (client, _) = SetupWith(new TaskJournal(new Overtaken(JournalPath), Clock), Accepts("t1"));
        await CreateAsync(client, Sample.Submission, notes: Notes);
        Assert.Empty(Notes.Warnings);
        Assert.Equal(["submitting", "created"], Events);
    }

    /// <summary>The folder appears between the failed open and the attempt to create it.</summary>
    private sealed class Overtaken(string path) : JournalFile(path)
    {
        private int _opened;

        private protected override FileStream Open(string path, FileAccess access, FileShare share)
        {
            if (Interlocked.Increment(ref _opened) > 1) return base.Open(path, access, share);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            throw new DirectoryNotFoundException();
        }
    }
}
