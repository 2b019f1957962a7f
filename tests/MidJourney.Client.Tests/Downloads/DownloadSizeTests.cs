namespace MidJourney.Client.Tests;

/// <summary>The sizes of a run's files: whether there is room for them, and how much has arrived.</summary>
public sealed class DownloadSizeTests : DownloadTestBase
{
    [Fact]
    public async Task File_is_written_only_if_there_is_room_for_it()
    {
        var run = new DownloadRun { FreeSpace = _ => Image.Length - 1 };
        var error = await FailAsync(Target(run: run), Whole());
        Assert.Equal(GatewayErrorKind.FileNotWritten, error.Kind);
        Assert.Contains("the file needs 5,004 bytes, but only 5,003 bytes are free on the disk", error.Message, StringComparison.Ordinal);
        Assert.Single(Requests);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task File_is_written_if_there_is_just_enough_room_in_its_folder()
    {
        var run = new DownloadRun { FreeSpace = folder => folder == Folder.FullName ? Image.Length : 0 };
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target(run: run), Whole())).State);
    }

    [Fact]
    public void File_that_has_no_room_takes_none_from_others()
    {
        var run = new DownloadRun { FreeSpace = _ => Image.Length };
        using PartFile large = new(Target("t1", run: run)), small = new(Target("t2", run: run));
        Assert.NotNull(run.Begin(large, Image.Length + 1, Folder.FullName));
        Assert.Null(run.Begin(small, Image.Length, Folder.FullName));
    }

    [Fact]
    public async Task File_is_written_if_the_free_space_or_its_length_is_unknown()
    {
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target("t1", run: new DownloadRun { FreeSpace = _ => null }), Whole())).State);
        var encoded = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(encoded, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Image);
        var full = new DownloadRun { FreeSpace = _ => 0 };
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target("t2", run: full), Chunked(new UnsizedStream(Image)))).State);
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target("t3", run: full), Of(encoded.ToArray(), encoding: "gzip"))).State);
    }

    [Fact]
    public async Task Rest_of_a_file_needs_only_the_rest_of_the_room()
    {
        var free = new Queue<long>([Image.Length, Image.Length - 1000]);
        var run = new DownloadRun { FreeSpace = _ => free.Dequeue() };
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target(run: run), Broken(1000), Part(1000))).State);
        Assert.Empty(free);
    }

    [Fact]
    public async Task Room_for_running_downloads_is_not_given_away()
    {
        var run = new DownloadRun { FreeSpace = _ => 9000 };
        var body = new PausedStream(Image, 1004);
        using var downloader = Downloader(Of(body));
        var first = downloader.SaveAsync(Target("t1", run: run), Notes, null, default);
        await body.IsPaused;
        Requests.Clear();
        var error = await FailAsync(Target("t2", run: run), Whole());
        Assert.Contains("needs 5,004 bytes and other downloads need another", error.Message, StringComparison.Ordinal);
        body.Continue();
        await first;
        Assert.Equal(SavedState.Saved, (await SaveAsync(Target("t3", run: run), Whole())).State);
    }

    [Fact]
    public async Task Sizes_are_known_as_soon_as_files_arrive()
    {
        var run = new DownloadRun();
        Assert.Equal(new DownloadSizes(0, null, true, 0), run.Sizes(4, 0));
        var large = new byte[DownloadChunk + Image.Length];
        Image.CopyTo(large, 0);
        var body = new PausedStream(large, DownloadChunk + 1);
        using var downloader = Downloader(Of(body));
        var first = downloader.SaveAsync(Target("t1", run: run), Notes, null, default);
        await body.IsPaused;
        // One of four has begun, and the first chunk of it is written.
        Assert.Equal(new DownloadSizes(DownloadChunk, 4 * large.Length, true, (double)DownloadChunk / large.Length), run.Sizes(4, 0));
        Assert.Equal(new DownloadSizes(DownloadChunk, large.Length, false, (double)DownloadChunk / large.Length), run.Sizes(1, 0));
        body.Continue();
        await first;
        Assert.Equal(new DownloadSizes(large.Length, null, false, 0), run.Sizes(1, 1));
        Assert.Equal(new DownloadSizes(large.Length, 2 * large.Length, true, 0), run.Sizes(2, 1));
        // Three files were already there.
        Assert.Equal(new DownloadSizes(large.Length, large.Length * 5 / 4, true, 0), run.Sizes(5, 4));
    }

    [Fact]
    public async Task What_arrived_in_vain_never_makes_more_than_the_total()
    {
        var run = new DownloadRun();
        await FailAsync(Target("t1", run: run), Broken(1000), Status(404));
        Assert.Equal(new DownloadSizes(1000, null, false, 0), run.Sizes(1, 1));
        await SaveAsync(Target("t2", run: run), Broken(1000), Whole());
        Assert.Equal(new DownloadSizes(2000 + Image.Length, null, false, 0), run.Sizes(2, 2));
    }

    private const int DownloadChunk = 64 * 1024;

    /// <summary>Waits after some bytes.</summary>
    private sealed class PausedStream(byte[] bytes, int pauseAt) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously), _continued = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsPaused => _paused.Task;

        public void Continue() => _continued.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= pauseAt && !_continued.Task.IsCompleted)
            {
                _paused.TrySetResult();
                await _continued.Task.WaitAsync(cancellationToken);
            }
            return Read(buffer.Span[..(int)Math.Min(buffer.Length, Position < pauseAt ? pauseAt - Position : buffer.Length)]);
        }
    }
}
