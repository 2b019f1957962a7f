using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Client.Tests;

/// <summary>What a download makes of whatever the image host does.</summary>
public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Image = [0x89, (byte)'P', (byte)'N', (byte)'G', .. Enumerable.Range(0, 5000).Select(n => (byte)n)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("midjourney-files-");
    private readonly FakeTimeProvider _clock = Sample.Clock();
    private readonly Notes _notes = new();
    private readonly List<HttpRequestMessage> _requests = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_is_saved_under_its_name_with_the_extension_of_its_type()
    {
        var file = await SaveAsync(Whole());
        Assert.Equal((Path.Combine(_folder.FullName, "name.png"), false), (file.Path, file.WasThere));
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Single(_folder.GetFiles());
        Assert.Null(_requests[0].Headers.Authorization);
    }

    [Theory]
    [InlineData("image/jpeg", "https://files.test/a", ".jpg")]
    [InlineData("image/webp", "https://files.test/a.png", ".webp")]
    [InlineData("video/mp4", "https://files.test/a", ".mp4")]
    [InlineData("application/octet-stream", "https://files.test/a.jpeg?x=1", ".jpg")]
    [InlineData(null, "https://files.test/a", ".png")]
    public async Task The_extension_comes_from_the_type_or_the_address_or_the_first_bytes(string? type, string url, string extension)
    {
        var file = await SaveAsync(url, Whole(type));
        Assert.Equal(extension, Path.GetExtension(file.Path));
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
        Assert.Empty(_folder.GetFiles());
        Assert.Single(_requests);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_address_that_has_expired_is_not_tried_again(int status)
    {
        Assert.Equal(GatewayErrorKind.OutputGone, (await FailAsync(Status(status))).Kind);
        Assert.Single(_requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        await SaveAsync(Status(status), Status(status), Whole());
        Assert.Equal(3, _requests.Count);
        Assert.Equal(2, _notes.Lines.Length);
    }

    [Fact]
    public async Task After_five_tries_it_is_given_up()
    {
        Assert.Equal(GatewayErrorKind.DownloadFailed, (await FailAsync(Status(500))).Kind);
        Assert.Equal(5, _requests.Count);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task What_broke_off_is_resumed_where_it_was()
    {
        var file = await SaveAsync(Broken(1000), Part(1000));
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Equal((1000L, "\"v1\""), (_requests[1].Headers.Range!.Ranges.Single().From!.Value, _requests[1].Headers.GetValues("If-Range").Single()));
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
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task A_range_that_the_host_refuses_is_given_up_for_the_whole()
    {
        var file = await SaveAsync(Broken(1000), Status(416), Whole());
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Null(_requests[2].Headers.Range);
    }

    [Fact]
    public async Task A_complete_file_is_kept_and_not_downloaded()
    {
        await SaveAsync(Whole());
        var file = await SaveAsync(Unreadable());
        Assert.True(file.WasThere);
    }

    [Fact]
    public async Task A_file_of_another_length_is_anothers_and_stays()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "name.png"), "another's");
        var file = await SaveAsync(Whole());
        Assert.Equal("name_t1.png", Path.GetFileName(file.Path));
        Assert.Equal("another's", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "name.png")));
        // Once more, there are no more copies; and a broken one is mended.
        Assert.True((await SaveAsync(Unreadable())).WasThere);
        await File.WriteAllTextAsync(file.Path, "broken");
        Assert.False((await SaveAsync(Whole())).WasThere);
        Assert.Equal(2, _folder.GetFiles().Length);
    }

    [Fact]
    public async Task With_force_it_is_replaced()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "name.png"), "old");
        var file = await SaveAsync(new Uri("https://files.test/a.png"), force: true, Whole());
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task Where_the_length_is_not_said_the_content_is_compared()
    {
        await SaveAsync(Unsized());
        Assert.True((await SaveAsync(Unsized())).WasThere);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "name.png"), "another's");
        Assert.Equal("name_t1.png", Path.GetFileName((await SaveAsync(Unsized())).Path));
        Assert.Equal(2, _folder.GetFiles().Length);
    }

    [Fact]
    public async Task A_host_that_says_nothing_for_long_is_asked_again()
    {
        var file = await SaveAsync(Answers.HangBeforeSending(), Whole());
        Assert.False(file.WasThere);
        Assert.Contains("30 s", Assert.Single(_notes.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_way_from_https_to_http_is_not_taken()
    {
        var error = await FailAsync((request, _) =>
        {
            request.RequestUri = new Uri("http://elsewhere.test/a.png");
            return Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(Image), RequestMessage = request });
        });
        Assert.Equal(GatewayErrorKind.DownloadFailed, error.Kind);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_an_error_of_its_own()
    {
        _folder.Delete();
        try { Assert.Equal(GatewayErrorKind.FileNotWritten, (await FailAsync(Whole())).Kind); }
        finally { _folder.Create(); }
    }

    [Fact]
    public async Task Stopped_it_ends_at_once_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        using var downloader = Downloader(Answers.HangBeforeSending());
        var save = downloader.SaveAsync(Target(new Uri("https://files.test/a.png"), false), _notes, null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
        Assert.Empty(_folder.GetFiles());
    }

    private Task<Downloaded> SaveAsync(params Answer[] script) => SaveAsync("https://files.test/a.png", script);

    private Task<Downloaded> SaveAsync(string url, params Answer[] script) => SaveAsync(new Uri(url), force: false, script);

    private async Task<Downloaded> SaveAsync(Uri url, bool force, params Answer[] script)
    {
        using var downloader = Downloader(script);
        return await _clock.Drive(downloader.SaveAsync(Target(url, force), _notes, null, CancellationToken.None));
    }

    private Task<GatewayException> FailAsync(params Answer[] script) => Assert.ThrowsAsync<GatewayException>(() => SaveAsync(script));

    private OutputDownloader Downloader(params Answer[] script)
    {
        _requests.Clear();
        return new OutputDownloader(null, 1, new Host(_requests, script), _clock);
    }

    private DownloadTarget Target(Uri url, bool force) => new() { Url = url, Folder = _folder.FullName, Name = "name", OwnName = "name_t1", Force = force };

    private static Answer Whole(string? type = "image/png") => Of(Image, type);

    private static Answer Of(byte[] body, string? type) => (_, _) => Task.FromResult(Response(new ByteArrayContent(body), type));

    private static Answer Unsized() => (_, _) => Task.FromResult(Response(new StreamContent(new UnsizedStream(Image)), "image/png"));

    private static Answer Unreadable() => (_, _) =>
    {
        var content = new StreamContent(new BreakingStream([]));
        content.Headers.ContentLength = Image.Length;
        return Task.FromResult(Response(content, "image/png"));
    };

    /// <summary>The connection ends after so many bytes.</summary>
    private static Answer Broken(int length) => (_, _) =>
    {
        var content = new StreamContent(new UnsizedStream(Image[..length]));
        content.Headers.ContentLength = Image.Length;
        return Task.FromResult(Response(content, "image/png"));
    };

    private static Answer Part(int from) => (_, _) =>
    {
        var response = Response(new ByteArrayContent(Image[from..]), "image/png");
        response.StatusCode = HttpStatusCode.PartialContent;
        response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, Image.Length - 1, Image.Length);
        return Task.FromResult(response);
    };

    private static Answer Status(int status) => (_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent([]) });

    private static HttpResponseMessage Response(HttpContent content, string? type)
    {
        if (type is not null) content.Headers.ContentType = new MediaTypeHeaderValue(type);
        var response = new HttpResponseMessage { Content = content };
        response.Headers.ETag = new EntityTagHeaderValue("\"v1\"");
        return response;
    }

    private sealed class Host(List<HttpRequestMessage> requests, Answer[] script) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            requests.Add(request);
            return script[Math.Min(requests.Count, script.Length) - 1](request, cancellationToken);
        }
    }

    /// <summary>Does not say how long it is.</summary>
    private sealed class UnsizedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
