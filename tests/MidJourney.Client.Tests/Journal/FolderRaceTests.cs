namespace MidJourney.Client.Tests;

/// <summary>Two processes that are the first to use a journal both make its folder.</summary>
public sealed class FolderRaceTests : JournalTestBase
{
    [Fact]
    public async Task A_folder_that_another_process_made_just_now_is_used()
    {
        var (client, _) = SetupWith(new TaskJournal(new Overtaken(JournalPath), Clock), Accepts("t1"));
        await CreateAsync(client, Sample.Submission, notes: Notes);
        Assert.Empty(Notes.Warnings);
        Assert.Equal(["submitting", "created"], Events);
    }

    /// <summary>The folder is not there when it is looked at, and is when it is to be made.</summary>
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
