namespace MidJourney.Client.Tests;

/// <summary>What a download makes of whatever the image host does.</summary>
public sealed class DownloadTests : DownloadTestBase
{
    [Fact]
    public async Task A_file_is_saved_under_its_name_with_the_extension_of_its_type()
    {
        var file = await SaveAsync(Whole());
        Assert.Equal((Path.Combine(Folder.FullName, "name.png"), false), (file.Path, file.WasThere));
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Equal(["name.png", FolderRecord.FileName], Folder.GetFiles().Select(f => f.Name).OrderDescending());
        Assert.Null(Requests[0].Headers.Authorization);
    }

    [Theory]
    [InlineData("text/html", "<html>expired</html>")]
    [InlineData("application/json", "{\"error\":\"expired\"}")]
    [InlineData("image/png", "  <!doctype html><title>expired</title>")]
    [InlineData("image/png", "{\"error\":\"expired\"}")]
    [InlineData("image/png", "")]
    public async Task A_page_is_not_an_image(string type, string body)
    {
        var error = await FailAsync(Of(System.Text.Encoding.UTF8.GetBytes(body), type));
        Assert.Equal(GatewayErrorKind.InvalidOutput, error.Kind);
        Assert.Empty(Folder.GetFiles());
        Assert.Single(Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        await SaveAsync(Status(status), Status(status), Whole());
        Assert.Equal(3, Requests.Count);
        Assert.Equal(2, Notes.Lines.Length);
    }

    [Fact]
    public async Task After_five_tries_it_is_given_up()
    {
        Assert.Equal(GatewayErrorKind.DownloadFailed, (await FailAsync(Status(500))).Kind);
        Assert.Equal(5, Requests.Count);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task What_broke_off_is_resumed_where_it_was()
    {
        var file = await SaveAsync(Broken(1000), Part(1000));
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Equal((1000L, "\"v1\""), (Requests[1].Headers.Range!.Ranges.Single().From!.Value, Requests[1].Headers.GetValues("If-Range").Single()));
    }

    [Fact]
    public async Task A_host_that_cannot_resume_is_read_from_the_start()
    {
        var file = await SaveAsync(Broken(1000), Whole());
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
    }

    [Fact]
    public async Task A_part_that_begins_elsewhere_is_not_taken_for_the_rest()
    {
        var error = await FailAsync(Broken(1000), Part(2000));
        Assert.Equal(GatewayErrorKind.DownloadFailed, error.Kind);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task A_range_that_the_host_refuses_is_given_up_for_the_whole()
    {
        var file = await SaveAsync(Broken(1000), Status(416), Whole());
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Null(Requests[2].Headers.Range);
    }

    [Fact]
    public async Task A_complete_file_is_kept_and_not_downloaded()
    {
        await SaveAsync(Whole());
        var file = await SaveAsync(Status(500));
        Assert.Equal((SavedState.AlreadyThere, 0), (file.State, Requests.Count));
    }

    [Fact]
    public async Task A_host_that_says_nothing_for_long_is_asked_again()
    {
        var file = await SaveAsync(Answers.HangBeforeSending(), Whole());
        Assert.False(file.WasThere);
        Assert.Contains("30 s", Assert.Single(Notes.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolder_that_cannot_be_written_to_is_an_error_of_its_own()
    {
        Folder.Delete();
        try { Assert.Equal(GatewayErrorKind.FileNotWritten, (await FailAsync(Whole())).Kind); }
        finally { Folder.Create(); }
    }

    [Fact]
    public async Task Stopped_it_ends_at_once_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        using var downloader = Downloader(Answers.HangBeforeSending());
        var save = downloader.SaveAsync(Target(), Notes, null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task A_proxy_that_refuses_its_user_is_asked_once_for_all_files_of_a_run()
    {
        var run = new DownloadRun();
        using var downloader = Downloader(Status(407));
        for (var n = 1; n <= 3; n++)
        {
            var error = await Assert.ThrowsAsync<GatewayException>(() => Clock.Drive(downloader.SaveAsync(Target(task: $"t{n}", run: run), Notes, null, default)));
            Assert.Equal(GatewayErrorKind.ProxyAuthenticationRequired, error.Kind);
        }
        Assert.Single(Requests);

        await Assert.ThrowsAsync<GatewayException>(() => Clock.Drive(downloader.SaveAsync(Target(), Notes, null, default)));
        Assert.Equal(2, Requests.Count);
    }
}
