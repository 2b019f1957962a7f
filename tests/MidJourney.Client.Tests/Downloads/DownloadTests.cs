namespace MidJourney.Client.Tests;

/// <summary>Responses of the image host, and what a download does with them.</summary>
public sealed class DownloadTests : DownloadTestBase
{
    [Fact]
    public async Task File_is_saved_with_the_extension_of_its_format()
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
    public async Task Page_is_not_an_image(string type, string body)
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
    public async Task Transient_error_is_retried(int status)
    {
        await SaveAsync(Status(status), Status(status), Whole());
        Assert.Equal(3, Requests.Count);
        Assert.Equal(2, Notes.Lines.Length);
    }

    [Fact]
    public async Task Download_gives_up_after_five_tries()
    {
        Assert.Equal(GatewayErrorKind.DownloadFailed, (await FailAsync(Status(500))).Kind);
        Assert.Equal(5, Requests.Count);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task Interrupted_download_resumes_where_it_stopped()
    {
        var file = await SaveAsync(Broken(1000), Part(1000));
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Equal((1000L, "\"v1\""), (Requests[1].Headers.Range!.Ranges.Single().From!.Value, Requests[1].Headers.GetValues("If-Range").Single()));
    }

    [Theory]
    [InlineData(".png", "0000000049454E44AE426082")]
    [InlineData(".jpg", "FFD9")]
    [InlineData(".gif", "003B")]
    public async Task File_whose_end_is_missing_when_the_connection_closes_is_retried(string extension, string end)
    {
        // HTTP/1.0: neither a length nor chunks.
        byte[] start = extension switch { ".png" => Image[..^12], ".jpg" => [0xff, 0xd8, 0xff, 0xe0, .. new byte[100]], _ => [.. "GIF89a"u8, .. new byte[100]] };
        byte[] whole = [.. start, .. Convert.FromHexString(end)];
        var file = await SaveAsync(Of(new UnsizedStream(start)), Of(new UnsizedStream(whole)));
        Assert.Equal((2, extension), (Requests.Count, Path.GetExtension(file.Path)));
        Assert.Equal(whole, await File.ReadAllBytesAsync(file.Path));
    }

    [Fact]
    public async Task Host_without_ranges_is_read_from_the_start()
    {
        var file = await SaveAsync(Broken(1000), Whole());
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
    }

    [Fact]
    public async Task Range_that_begins_elsewhere_is_rejected()
    {
        var error = await FailAsync(Broken(1000), Part(2000));
        Assert.Equal(GatewayErrorKind.DownloadFailed, error.Kind);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task Refused_range_restarts_the_download()
    {
        var file = await SaveAsync(Broken(1000), Status(416), Whole());
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Null(Requests[2].Headers.Range);
    }

    [Fact]
    public async Task Complete_file_is_not_downloaded_again()
    {
        await SaveAsync(Whole());
        var file = await SaveAsync(Status(500));
        Assert.Equal((SavedState.AlreadyThere, 0), (file.State, Requests.Count));
    }

    [Fact]
    public async Task Stalled_download_is_retried()
    {
        var file = await SaveAsync(Answers.HangBeforeSending(), Whole());
        Assert.False(file.WasThere);
        Assert.Contains("30 s", Assert.Single(Notes.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_is_FileNotWritten()
    {
        Folder.Delete();
        try { Assert.Equal(GatewayErrorKind.FileNotWritten, (await FailAsync(Whole())).Kind); }
        finally { Folder.Create(); }
    }

    [Fact]
    public async Task Stopped_download_ends_at_once_and_leaves_no_file()
    {
        using var stop = new CancellationTokenSource();
        using var downloader = Downloader(Answers.HangBeforeSending());
        var save = downloader.SaveAsync(Target(), Notes, null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task Proxy_that_refuses_its_user_gets_one_request_per_run()
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
