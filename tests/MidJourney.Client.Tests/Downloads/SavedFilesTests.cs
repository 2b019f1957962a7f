namespace MidJourney.Client.Tests;

/// <summary>Whose a name is, and what counts as being there already.</summary>
public sealed class SavedFilesTests : DownloadTestBase
{
    private static readonly byte[] Other = [.. Image[..^1], 0];

    [Fact]
    public async Task Six_tasks_saved_at_once_under_one_name_are_six_files()
    {
        var tasks = Enumerable.Range(1, 6).Select(n => $"t{n}").ToArray();
        // Each as a cmdlet of its own would: with its own downloader and its own view of the folder.
        var files = await Task.WhenAll(tasks.Select(task => Task.Run(async () =>
        {
            using var downloader = new OutputDownloader(null, 1, new FakeGateway(Clock, Whole()), Clock);
            return await downloader.SaveAsync(Target(task), null, null, CancellationToken.None);
        })));
        Assert.Equal(6, files.Select(f => f.Path).Distinct().Count());
        Assert.All(files, f => Assert.Equal(SavedState.Saved, f.State));
        Assert.Equal(6, Names.Length);
        Assert.Contains("name.png", Names);
        // Each is found again where it is.
        foreach (var (task, file) in tasks.Zip(files))
            Assert.Equal(new DownloadedFile(file.Path, SavedState.AlreadyThere), await SaveAsync(Target(task), Status(500)));
    }

    [Fact]
    public async Task With_force_what_is_known_to_be_anothers_is_not_replaced()
    {
        await File.WriteAllTextAsync(PathOf("name.png"), "the user's");
        Assert.Equal(PathOf("name.png"), (await SaveAsync(Target(force: true), Whole())).Path);
        Assert.Equal(PathOf("name_t2.png"), (await SaveAsync(Target("t2", force: true), Whole())).Path);
        Assert.Equal(Image, await File.ReadAllBytesAsync(PathOf("name.png")));
        // Its own it replaces, without a copy.
        Assert.Equal(new DownloadedFile(PathOf("name_t2.png"), SavedState.Saved), await SaveAsync(Target("t2", force: true), Of(Other)));
        Assert.Equal(Other, await File.ReadAllBytesAsync(PathOf("name_t2.png")));
        Assert.Equal(["name.png", "name_t2.png"], Names);
    }

    public static TheoryData<byte[]> OtherBytes => [new byte[Image.Length], Other, "short"u8.ToArray(), Array.Empty<byte>(), (byte[])[.. Image, 1]];

    [Theory]
    [MemberData(nameof(OtherBytes), DisableDiscoveryEnumeration = true)]
    public async Task A_file_of_other_bytes_is_never_replaced(byte[] bytes)
    {
        await File.WriteAllBytesAsync(PathOf("name.png"), bytes);
        var file = await SaveAsync(Whole());
        Assert.Equal(SavedState.Saved, file.State);
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        // An empty file holds nothing that could be lost.
        if (bytes.Length == 0) Assert.Equal(["name.png"], Names);
        else Assert.Equal(bytes, await File.ReadAllBytesAsync(PathOf("name.png")));
    }

    [Fact]
    public async Task A_file_without_a_record_is_compared_and_then_known()
    {
        await File.WriteAllBytesAsync(PathOf("name.png"), Image);
        Assert.Equal(new DownloadedFile(PathOf("name.png"), SavedState.AlreadyThere), await SaveAsync(Whole()));
        Assert.Single(Requests);
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(Status(500))).State);
        Assert.Empty(Requests);
        Assert.Equal(["name.png"], Names);
    }

    [Theory]
    [InlineData("zeros")]
    [InlineData("gone")]
    [InlineData("other")]
    public async Task What_is_no_longer_what_was_saved_is_downloaded_again(string change)
    {
        var path = (await SaveAsync(Whole())).Path;
        if (change == "gone") File.Delete(path);
        else await File.WriteAllBytesAsync(path, change == "zeros" ? new byte[Image.Length] : Other);
        var file = await SaveAsync(Whole());
        Assert.Equal(SavedState.Saved, file.State);
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Equal(change == "gone" ? ["name.png"] : ["name.png", "name_t1.png"], Names);
        Assert.Equal(file.Path, (await SaveAsync(Status(500))).Path);
    }

    [Fact]
    public async Task What_another_process_saves_meanwhile_is_not_saved_twice()
    {
        Answer answer = async (_, _) =>
        {
            using var other = new OutputDownloader(null, 1, new FakeGateway(Clock, Whole()), Clock);
            var target = new DownloadTarget { Url = new Uri("https://files.test/a.png"), Folder = new OutputFolder(Folder.FullName), Name = "name", IsNameTaken = true, OwnName = "name_t1", TaskId = "t1" };
            Assert.Equal(PathOf("name_t1.png"), (await other.SaveAsync(target, null, null, CancellationToken.None)).Path);
            return await Whole()(null!, default);
        };
        Assert.Equal(new DownloadedFile(PathOf("name_t1.png"), SavedState.AlreadyThere), await SaveAsync(answer));
        Assert.Equal(["name_t1.png"], Names);
    }

    [Fact]
    public async Task A_folder_that_was_moved_is_known_where_it_is()
    {
        await SaveAsync(Whole());
        var moved = Folder.CreateSubdirectory("moved");
        foreach (var file in Folder.GetFiles()) file.MoveTo(Path.Combine(moved.FullName, file.Name));
        var target = new DownloadTarget { Url = new Uri("https://files.test/a.png"), Folder = new OutputFolder(moved.FullName), Name = "name", OwnName = "name_t1", TaskId = "t1" };
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(target, Status(500))).State);
    }

    [Theory]
    [InlineData("nonsense\n{\"v\":1}\n{\"v\":1,\"task\":7}\n\0\0\0\0\n{\"v\":2,\"task\":\"t1\",\"index\":0,\"name\":\"name.png\",\"length\":1,\"sha256\":\"\"}\n[]\n")]
    [InlineData("{\"v\":1,\"task\":\"t1\",\"index\":0,\"name\":\"../../../etc/passwd\",\"length\":1,\"sha256\":\"\"}\n")]
    [InlineData("{\"v\":1,\"task\":\"t1\",\"ind")]
    public async Task A_record_that_is_not_one_harms_nothing(string text)
    {
        await File.WriteAllTextAsync(PathOf(FolderRecord.FileName), text);
        Assert.Equal(SavedState.Saved, (await SaveAsync(Whole())).State);
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(Status(500))).State);
        Assert.StartsWith(text, await File.ReadAllTextAsync(PathOf(FolderRecord.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_record_can_be_kept_files_are_compared()
    {
        Folder.CreateSubdirectory(FolderRecord.FileName);
        Assert.Equal(SavedState.Saved, (await SaveAsync(Whole())).State);
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(Whole())).State);
        Assert.Equal(Path.GetFileName(PathOf("name_t2.png")), Path.GetFileName((await SaveAsync(Target("t2"), Of(Other))).Path));
    }

    [Fact]
    public async Task A_folder_of_the_name_is_no_file()
    {
        Folder.CreateSubdirectory("name.png");
        Assert.Equal(PathOf("name_t1.png"), (await SaveAsync(Target(force: true), Whole())).Path);
    }

    [UnixFact]
    public async Task A_link_that_leads_nowhere_is_left_alone()
    {
        File.CreateSymbolicLink(PathOf("name.png"), PathOf("nowhere"));
        Assert.Equal(PathOf("name_t1.png"), (await SaveAsync(Whole())).Path);
        Assert.False(File.Exists(PathOf("nowhere")));
    }

    [UnixFact]
    public async Task A_pipe_of_the_name_does_not_hold_it_up()
    {
        using (var make = System.Diagnostics.Process.Start("mkfifo", [PathOf("name.png")])) await make.WaitForExitAsync();
        await FailAsync(Status(410));
        Assert.Equal(SavedState.Saved, (await SaveAsync(Whole())).State);
    }

    [Fact]
    public async Task A_record_that_somebody_holds_does_not_hold_it_up_for_long()
    {
        await SaveAsync(Whole());
        using (new FileStream(PathOf(FolderRecord.FileName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            using var downloader = Downloader(Whole());
            Assert.Equal(new DownloadedFile(PathOf("name.png"), SavedState.AlreadyThere), await downloader.SaveAsync(Target(), null, null, CancellationToken.None));
        }
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(410)]
    public async Task Where_the_address_is_gone_a_whole_image_is_there_but_not_verified(int status)
    {
        var image = PngFile.Make();
        await File.WriteAllBytesAsync(PathOf("name.png"), image);
        Assert.Equal(new DownloadedFile(PathOf("name.png"), SavedState.NotVerified), await SaveAsync(Status(status)));
        Assert.Contains("could not be compared", Notes.Lines[^1], StringComparison.Ordinal);
        // Not for ever: what can be compared later, is.
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(Of(image))).State);
    }

    [Theory]
    [InlineData("name.png", 0)]
    [InlineData("name.png", 1)]
    [InlineData("name.jpg", 0)]
    [InlineData("other.png", 0)]
    public async Task Half_an_image_or_another_kind_is_not_there(string name, int missing)
    {
        var image = PngFile.Make();
        await File.WriteAllBytesAsync(PathOf(name), missing == 0 && name == "name.png" ? new byte[image.Length] : image[..^missing]);
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(410))).Kind);
    }

    [Fact]
    public async Task An_image_that_is_known_to_be_anothers_is_not_there()
    {
        await SaveAsync(Target("t2"), Of(PngFile.Make()));
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(410))).Kind);
    }

    [Fact]
    public async Task What_killed_runs_left_is_removed_and_what_others_write_is_not()
    {
        for (var n = 0; n < 5; n++) await File.WriteAllTextAsync(PathOf($".{Guid.NewGuid():N}.partial"), "half");
        // As an earlier version called them.
        await File.WriteAllTextAsync(PathOf($".0123abcd-{Guid.NewGuid():N}.partial"), "half");
        await File.WriteAllTextAsync(PathOf(".mine.partial"), "the user's");
        var living = $".{Guid.NewGuid():N}.partial";
        using (new FileStream(PathOf(living), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            await SaveAsync(Whole());
            Assert.Equal([living, ".mine.partial", "name.png"], Names);
        }
        await SaveAsync(Status(500));
        Assert.Equal([".mine.partial", "name.png"], Names);
    }

    [Fact]
    public async Task A_download_under_way_is_not_taken_for_left_over()
    {
        using var downloader = Downloader(Of(new HangingStream([.. Image, .. new byte[100_000]])));
        using var stop = new CancellationTokenSource();
        var first = downloader.SaveAsync(Target(), null, null, stop.Token);
        await Clock.DriveUntil(() => Names.Length == 1, step: TimeSpan.Zero);
        using (var second = new OutputDownloader(null, 1, new FakeGateway(Clock, Whole()), Clock))
            await second.SaveAsync(Target("t2"), null, null, CancellationToken.None);
        Assert.Equal(2, Names.Length);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(["name.png"], Names);
    }

    [Fact]
    public async Task An_id_of_a_megabyte_or_with_the_key_in_it_is_told_from_others_but_not_written_down()
    {
        using var client = new GatewayClient(Sample.Key, new GatewayOptions { BaseUri = Sample.BaseUri });
        foreach (var id in new[] { new string('a', 1024 * 1024), "a" + Sample.Key })
        {
            var folder = new OutputFolder(Folder.FullName, client.Redact);
            DownloadTarget Of(string task) => new() { Url = new Uri("https://files.test/a.png"), Folder = folder, Name = "name", OwnName = FileNames.Safe("name_" + client.Redact(task)), TaskId = task };
            var first = await SaveAsync(Of(id), Whole());
            Assert.NotEqual(first.Path, (await SaveAsync(Of(id + "b"), Whole())).Path);
            Assert.Equal(new DownloadedFile(first.Path, SavedState.AlreadyThere), await SaveAsync(Of(id), Status(500)));
        }
        var record = await File.ReadAllTextAsync(PathOf(FolderRecord.FileName));
        Assert.DoesNotContain(Sample.Key, record, StringComparison.Ordinal);
        Assert.InRange(record.Length, 1, 4096);
    }

    [Fact]
    public async Task A_download_goes_on_though_its_owner_gives_it_up()
    {
        var closed = false;
        var handler = new ClosingHandler(Whole(), () => closed = true);
        var downloader = new OutputDownloader(null, 1, handler, Clock);
        Assert.True(downloader.TryUse());
        downloader.Dispose();
        Assert.Equal(SavedState.Saved, (await downloader.SaveAsync(Target(), null, null, CancellationToken.None)).State);
        Assert.False(closed);
        downloader.Dispose();
        Assert.True(closed);
        Assert.False(downloader.TryUse());
    }

    private sealed class ClosingHandler(Answer answer, Action closed) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            closed();
            base.Dispose(disposing);
        }
    }
}
