namespace MidJourney.Client.Tests;

/// <summary>Which output a file name belongs to, and which files count as already saved.</summary>
public sealed class OutputFolderTests : DownloadTestBase
{
    private static readonly byte[] Other = [.. Image[..^1], 0];

    [Fact]
    public async Task Concurrent_saves_under_one_name_give_separate_files()
    {
        var tasks = Enumerable.Range(1, 6).Select(n => $"t{n}").ToArray();
        // Each has its own downloader and its own view of the folder, as in separate cmdlets.
        var files = await Task.WhenAll(tasks.Select(task => Task.Run(async () =>
        {
            using var downloader = new OutputDownloader(null, 1, new FakeGateway(Clock, Whole()), Clock);
            return await downloader.SaveAsync(Target(task), null, null, CancellationToken.None);
        })));
        Assert.Equal(6, files.Select(f => f.Path).Distinct().Count());
        Assert.All(files, f => Assert.Equal(SavedState.Saved, f.State));
        Assert.Equal(6, Names.Length);
        Assert.Contains("name.png", Names);
        // Each file is found again.
        foreach (var (task, file) in tasks.Zip(files))
            Assert.Equal(new DownloadedFile(file.Path, SavedState.AlreadyThere), await SaveAsync(Target(task), Status(500)));
    }

    [Fact]
    public async Task Force_does_not_replace_a_file_of_another_output()
    {
        await File.WriteAllTextAsync(PathOf("name.png"), "the user's");
        Assert.Equal(PathOf("name.png"), (await SaveAsync(Target(force: true), Whole())).Path);
        Assert.Equal(PathOf("name_t2.png"), (await SaveAsync(Target("t2", force: true), Whole())).Path);
        Assert.Equal(Image, await File.ReadAllBytesAsync(PathOf("name.png")));
        // Its own file is replaced, without a copy.
        Assert.Equal(new DownloadedFile(PathOf("name_t2.png"), SavedState.Saved), await SaveAsync(Target("t2", force: true), Of(Other)));
        Assert.Equal(Other, await File.ReadAllBytesAsync(PathOf("name_t2.png")));
        Assert.Equal(["name.png", "name_t2.png"], Names);
    }

    public static TheoryData<byte[]> OtherBytes => [new byte[Image.Length], Other, "short"u8.ToArray(), Array.Empty<byte>(), (byte[])[.. Image, 1]];

    [Theory]
    [MemberData(nameof(OtherBytes), DisableDiscoveryEnumeration = true)]
    public async Task File_with_other_content_is_never_replaced(byte[] bytes)
    {
        await File.WriteAllBytesAsync(PathOf("name.png"), bytes);
        var file = await SaveAsync(Whole());
        Assert.Equal(SavedState.Saved, file.State);
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        // An empty file has no content to lose.
        if (bytes.Length == 0) Assert.Equal(["name.png"], Names);
        else Assert.Equal(bytes, await File.ReadAllBytesAsync(PathOf("name.png")));
    }

    [Fact]
    public async Task Unrecorded_file_is_compared_and_then_recorded()
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
    public async Task Changed_or_deleted_file_is_downloaded_again(string change)
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
    public async Task Output_that_another_process_saved_in_the_meantime_is_not_saved_twice()
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

    [Theory]
    [InlineData("earlier.png", true)]
    [InlineData("earlier_t1.png", true)]
    [InlineData("earlier_t1_3.png", true)]
    [InlineData("earlier_3.png", false)]
    [InlineData("earlier_t1_x.png", false)]
    [InlineData("earlier_t1_.png", false)]
    [InlineData("another.png", false)]
    public async Task Output_recorded_under_a_name_of_an_earlier_version_is_not_saved_twice(string name, bool isKnown)
    {
        var earlier = await SaveAsync(Target() with { Name = Path.GetFileNameWithoutExtension(name) }, Whole());
        var file = await SaveAsync(Target() with { EarlierNames = ["earlier", "earlier_t1"], IsRecordedName = name => FileNames.IsNumbered(name, "earlier_t1_") }, Whole());
        Assert.Equal(isKnown ? new DownloadedFile(earlier.Path, SavedState.AlreadyThere) : new DownloadedFile(PathOf("name.png"), SavedState.Saved), file);
        Assert.Equal(isKnown ? 0 : 1, Requests.Count);
    }

    [Fact]
    public async Task Output_saved_without_a_record_by_an_earlier_version_is_compared_and_not_saved_twice()
    {
        await File.WriteAllBytesAsync(PathOf("earlier.png"), Other);
        await File.WriteAllBytesAsync(PathOf("earlier_t1.png"), Image);
        Assert.Equal(new DownloadedFile(PathOf("earlier_t1.png"), SavedState.AlreadyThere), await SaveAsync(Target() with { EarlierNames = ["earlier", "earlier_t1"], IsRecordedName = name => FileNames.IsNumbered(name, "earlier_t1_") }, Whole()));
        // It is recorded, and so belongs to that output alone.
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(Target() with { EarlierNames = ["earlier", "earlier_t1"], IsRecordedName = name => FileNames.IsNumbered(name, "earlier_t1_") }, Status(500))).State);
        Assert.Equal(PathOf("name.png"), (await SaveAsync(Target("t2") with { EarlierNames = ["earlier", "earlier_t2"] }, Whole())).Path);
        Assert.Equal(["earlier.png", "earlier_t1.png", "name.png"], Names);
    }

    [Theory]
    [InlineData(".png", "name.png")]
    [InlineData(".PNG", "name.PNG")]
    [InlineData(".jpeg", "name.png")]
    public async Task File_that_the_user_named_has_that_extension_unless_it_is_wrong(string extension, string name)
    {
        Assert.Equal(PathOf(name), (await SaveAsync(Target() with { Extension = extension }, Whole())).Path);
        Assert.Equal(new DownloadedFile(PathOf(name), SavedState.AlreadyThere), await SaveAsync(Target() with { Extension = extension }, Status(500)));
    }

    [Fact]
    public async Task Force_replaces_the_file_of_another_output_only_if_the_user_named_the_file()
    {
        await SaveAsync(Target() with { Extension = ".png" }, Whole());
        Assert.Equal(PathOf("name_t2.png"), (await SaveAsync(Target("t2") with { Extension = ".png" }, Of(Other))).Path);
        Assert.Equal(new DownloadedFile(PathOf("name.png"), SavedState.Saved), await SaveAsync(Target("t3", force: true) with { Extension = ".png" }, Of(Other)));
        Assert.Equal(Other, await File.ReadAllBytesAsync(PathOf("name.png")));
        Assert.Equal(["name.png", "name_t2.png"], Names);
        // The first output's file is no longer there.
        Assert.Equal(PathOf("name_t1.png"), (await SaveAsync(Target() with { Extension = ".png" }, Whole())).Path);
    }

    [Theory]
    [InlineData(".jpg", ".jpg")]
    [InlineData(".JPEG", ".jpg")]
    [InlineData(".tiff", ".tif")]
    [InlineData(".heif", ".heic")]
    [InlineData(".m4v", ".mp4")]
    [InlineData(".json", null)]
    [InlineData("", null)]
    public void Extensions_of_one_format_are_the_same(string extension, string? known) => Assert.Equal(known, FileKind.OfExtension(extension));

    [UnixFact]
    public void Folder_that_differs_only_in_case_is_the_same()
    {
        Folder.CreateSubdirectory("A boat");
        Assert.Equal(PathOf("A boat"), OutputFolder.PathWithin(Folder.FullName, "a boat"));
        Assert.Equal(PathOf("a boa"), OutputFolder.PathWithin(Folder.FullName, "a boa"));
        Assert.Equal(PathOf("none/a boat"), OutputFolder.PathWithin(PathOf("none"), "a boat"));
        Folder.CreateSubdirectory("a boat");
        Assert.Equal(PathOf("a boat"), OutputFolder.PathWithin(Folder.FullName, "a boat"));
    }

    [Fact]
    public async Task Moved_folder_keeps_its_record()
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
    public async Task Invalid_record_is_ignored(string text)
    {
        await File.WriteAllTextAsync(PathOf(FolderRecord.FileName), text);
        Assert.Equal(SavedState.Saved, (await SaveAsync(Whole())).State);
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(Status(500))).State);
        Assert.StartsWith(text, await File.ReadAllTextAsync(PathOf(FolderRecord.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recorded_name_never_leads_out_of_the_folder()
    {
        await SaveAsync(Whole());
        var inner = Folder.CreateSubdirectory("inner").FullName;
        var record = await File.ReadAllTextAsync(PathOf(FolderRecord.FileName));
        await File.WriteAllTextAsync(Path.Combine(inner, FolderRecord.FileName), record.Replace("name.png", "../name.png", StringComparison.Ordinal));
        var file = await SaveAsync(Target() with { Folder = new OutputFolder(inner) }, Whole());
        Assert.Equal(new DownloadedFile(Path.Combine(inner, "name.png"), SavedState.Saved), file);
    }

    [Fact]
    public async Task Without_a_record_files_are_compared()
    {
        Folder.CreateSubdirectory(FolderRecord.FileName);
        Assert.Equal(SavedState.Saved, (await SaveAsync(Whole())).State);
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(Whole())).State);
        Assert.Equal(Path.GetFileName(PathOf("name_t2.png")), Path.GetFileName((await SaveAsync(Target("t2"), Of(Other))).Path));
    }

    [Fact]
    public async Task Folder_with_the_name_is_not_a_file()
    {
        Folder.CreateSubdirectory("name.png");
        Assert.Equal(PathOf("name_t1.png"), (await SaveAsync(Target(force: true), Whole())).Path);
    }

    [UnixFact]
    public async Task Broken_link_is_unchanged()
    {
        File.CreateSymbolicLink(PathOf("name.png"), PathOf("nowhere"));
        Assert.Equal(PathOf("name_t1.png"), (await SaveAsync(Whole())).Path);
        Assert.False(File.Exists(PathOf("nowhere")));
    }

    [UnixFact]
    public async Task Pipe_with_the_name_does_not_block()
    {
        using (var make = System.Diagnostics.Process.Start("mkfifo", [PathOf("name.png")])) await make.WaitForExitAsync();
        await FailAsync(Status(410));
        Assert.Equal(SavedState.Saved, (await SaveAsync(Whole())).State);
    }

    [Fact]
    public async Task Locked_record_delays_a_save_only_briefly()
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
    public async Task Complete_image_is_NotVerified_if_the_URL_no_longer_works(int status)
    {
        var image = PngFile.Make();
        await File.WriteAllBytesAsync(PathOf("name.png"), image);
        Assert.Equal(new DownloadedFile(PathOf("name.png"), SavedState.NotVerified), await SaveAsync(Status(status)));
        Assert.Contains("could not be compared", Notes.Lines[^1], StringComparison.Ordinal);
        // It is compared later, when that is possible.
        Assert.Equal(SavedState.AlreadyThere, (await SaveAsync(Of(image))).State);
    }

    [Theory]
    [InlineData("earlier.png", true)]
    [InlineData("earlier_t2.png", false)]
    public async Task Complete_image_of_an_earlier_version_is_NotVerified_if_the_URL_no_longer_works(string name, bool isFound)
    {
        await File.WriteAllBytesAsync(PathOf(name), PngFile.Make());
        var target = Target() with { EarlierNames = ["earlier", "earlier_t1"] };
        if (isFound) Assert.Equal(new DownloadedFile(PathOf(name), SavedState.NotVerified), await SaveAsync(target, Status(410)));
        else Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(target, Status(410))).Kind);
    }

    [Theory]
    [InlineData("name.png", 0)]
    [InlineData("name.png", 1)]
    [InlineData("name.jpg", 0)]
    [InlineData("other.png", 0)]
    public async Task Incomplete_image_or_another_format_does_not_count(string name, int missing)
    {
        var image = PngFile.Make();
        await File.WriteAllBytesAsync(PathOf(name), missing == 0 && name == "name.png" ? new byte[image.Length] : image[..^missing]);
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(410))).Kind);
    }

    [Fact]
    public async Task Image_of_another_output_does_not_count()
    {
        await SaveAsync(Target("t2"), Of(PngFile.Make()));
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(410))).Kind);
    }

    [Fact]
    public async Task Leftovers_of_killed_runs_are_deleted_but_not_files_in_use()
    {
        for (var n = 0; n < 5; n++) await File.WriteAllTextAsync(PathOf($".{Guid.NewGuid():N}.partial"), "half");
        // The name format of an earlier version.
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
    public async Task Leftovers_in_all_folders_of_a_template_are_deleted()
    {
        var other = Directory.CreateTempSubdirectory("midjourney-files-");
        try
        {
            string[] swept = [Leftover(), Leftover("a"), Leftover("a/b"), Leftover("c")];
            string[] kept = [Leftover("a/b/deeper"), Path.Combine(other.FullName, Path.GetFileName(swept[0])), PathOf("c/.mine.partial")];
            File.Copy(swept[0], kept[1]);
            await File.WriteAllTextAsync(kept[2], "the user's");
            Directory.CreateSymbolicLink(PathOf("link"), other.FullName);
            var living = Leftover("c");
            using (new FileStream(living, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                await OutputFolder.SweepTreeAsync(Folder.FullName, 2, CancellationToken.None);
            Assert.All(swept, path => Assert.False(File.Exists(path), path));
            Assert.All([.. kept, living], path => Assert.True(File.Exists(path), path));
            await OutputFolder.SweepTreeAsync(PathOf("nowhere"), 2, CancellationToken.None);
        }
        finally
        {
            other.Delete(recursive: true);
        }

        string Leftover(string folder = "")
        {
            Directory.CreateDirectory(PathOf(folder));
            var path = Path.Combine(PathOf(folder), $".{Guid.NewGuid():N}.partial");
            File.WriteAllText(path, "half");
            return path;
        }
    }

    [Fact]
    public async Task Download_in_progress_is_not_deleted_as_a_leftover()
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
    public async Task Very_long_id_and_id_with_the_key_are_recorded_as_hashes()
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
    public async Task Download_continues_after_its_owner_disposes_the_downloader()
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
