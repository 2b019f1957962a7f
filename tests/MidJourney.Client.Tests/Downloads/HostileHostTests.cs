namespace MidJourney.Client.Tests;

/// <summary>Hosts that redirect to invalid URLs, send too much or too little.</summary>
public sealed class HostileHostTests : DownloadTestBase
{
    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    [InlineData("ftp://files.test/a.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:pw@files.test/a.png")]
    [InlineData("https://")]
    [InlineData("https://[::1/a.png")]
    [InlineData("gopher://files.test/")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Redirect_to_anything_but_a_web_URL_is_an_error(string? location)
    {
        var error = await FailAsync(Redirect(location), Whole());
        Assert.Equal(GatewayErrorKind.DownloadFailed, error.Kind);
        Assert.Single(Requests);
        Assert.Empty(Folder.GetFiles());
        Assert.DoesNotContain("pw@", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://files.test/b.png")]
    [InlineData("http://elsewhere.test/")]
    public async Task Redirect_from_https_to_http_is_not_followed(string location)
    {
        Assert.Equal(GatewayErrorKind.DownloadFailed, (await FailAsync(Redirect(location), Whole())).Kind);
        Assert.Single(Requests);
    }

    [Theory]
    [InlineData("https://files.test/a.png", "/b.png", "https://files.test/b.png")]
    [InlineData("https://files.test/x/a.png", "b.png?s=1", "https://files.test/x/b.png?s=1")]
    [InlineData("http://files.test/a.png", "//other.test/b.png", "http://other.test/b.png")]
    [InlineData("http://files.test/a.png", "https://other.test/b.png", "https://other.test/b.png")]
    public async Task Other_redirects_are_followed(string url, string location, string next)
    {
        var file = await SaveAsync(Target(url: url), Redirect(location), Whole());
        Assert.Equal("name.png", Path.GetFileName(file.Path));
        Assert.Equal(next, Requests[1].RequestUri!.AbsoluteUri);
    }

    [Fact]
    public async Task Endless_redirects_are_stopped()
    {
        Assert.Equal(GatewayErrorKind.DownloadFailed, (await FailAsync(Redirect("/a.png"))).Kind);
        Assert.Equal(6, Requests.Count);
    }

    [Theory]
    [InlineData("relative.png")]
    [InlineData("/etc/passwd")]
    [InlineData("//host/share/a.png")]
    [InlineData("\\\\host\\share\\a.png")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("ftp://files.test/a.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:pw@files.test/a.png")]
    [InlineData("https://user@files.test/a.png")]
    [InlineData("http://")]
    [InlineData("http:///a.png")]
    [InlineData("http://[::1")]
    [InlineData("http://files.test:99999/a.png")]
    [InlineData("https:files")]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData(null)]
    public void Text_that_is_not_a_web_URL_is_rejected(string? text) => Assert.Null(FileUrl.TryParse(text));

    [Fact]
    public void URL_of_a_megabyte_is_rejected() => Assert.Null(FileUrl.TryParse("https://files.test/" + new string('a', 1024 * 1024)));

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Any_transport_exception_is_an_error_of_that_file(Exception fault)
    {
        var error = await FailAsync((_, _) => throw fault);
        Assert.Equal(GatewayErrorKind.DownloadFailed, error.Kind);
        Assert.Empty(Folder.GetFiles());
    }

    public static TheoryData<Exception> Faults => [new NotSupportedException("scheme"), new InvalidOperationException("state"), new ArgumentException("bad"), new FormatException("bad"), new UriFormatException("bad"),
        new ObjectDisposedException("handler"), new TimeoutException(), new HttpRequestException("refused"), new TaskCanceledException("timed out")];

    [Fact]
    public async Task Length_above_the_limit_is_an_error_at_once()
    {
        var error = await FailAsync(Target(maxBytes: 5000), Whole());
        Assert.Equal(GatewayErrorKind.InvalidOutput, error.Kind);
        Assert.Contains("-MaxBytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(Folder.GetFiles());
        Assert.Single(Requests);
        Assert.Equal(5004, new FileInfo((await SaveAsync(Target(maxBytes: 5004), Whole())).Path).Length);
    }

    [Fact]
    public async Task Endless_file_never_exceeds_the_limit_on_disk()
    {
        var most = 0L;
        var endless = new EndlessStream(Image, () => most = Math.Max(most, Folder.GetFiles().Sum(f => f.Length)));
        var error = await FailAsync(Target(maxBytes: 1_000_000), Of(endless));
        Assert.Equal(GatewayErrorKind.InvalidOutput, error.Kind);
        Assert.InRange(most, 1, 1_000_000);
        Assert.InRange(endless.Given, 1_000_000, 1_300_000);
        Assert.Empty(Folder.GetFiles());
        Assert.Single(Requests);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(100, 1)]
    [InlineData(2000, 29)]
    public async Task Very_slow_download_is_stopped(int bytes, int seconds)
    {
        var error = await FailAsync(Of(new DrippingStream(Image, bytes, TimeSpan.FromSeconds(seconds), Clock)));
        Assert.Equal(GatewayErrorKind.DownloadFailed, error.Kind);
        Assert.Contains("16 KB", error.Message, StringComparison.Ordinal);
        Assert.Single(Requests);
        Assert.Empty(Folder.GetFiles());
    }

    [Fact]
    public async Task Slow_download_is_saved()
    {
        byte[] image = [.. Image, .. new byte[200_000]];
        var file = await SaveAsync(Chunked(new DrippingStream(image, 2000, TimeSpan.FromSeconds(1), Clock, endsAt: image.Length)));
        Assert.Equal(image, await File.ReadAllBytesAsync(file.Path));
        Assert.Single(Requests);
    }

    private static Answer Redirect(string? location) => (_, _) =>
    {
        var response = new HttpResponseMessage(System.Net.HttpStatusCode.Found) { Content = new ByteArrayContent([]) };
        if (location is not null) response.Headers.TryAddWithoutValidation("Location", location);
        return Task.FromResult(response);
    };

    private sealed class EndlessStream(byte[] start, Action look) : UnseekableStream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            look();
            var count = Math.Min(buffer.Length, 10_000);
            var span = buffer.Span[..count];
            span.Clear();
            if (Given == 0) start.AsSpan(0, Math.Min(count, start.Length)).CopyTo(span);
            Given += count;
            return new(count);
        }
    }

    private sealed class DrippingStream(byte[] bytes, int count, TimeSpan pause, TimeProvider clock, int endsAt = int.MaxValue) : UnseekableStream
    {
        private int _at;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_at >= endsAt) return 0;
            await Task.Delay(pause, clock, cancellationToken);
            var now = Math.Min(Math.Min(count, buffer.Length), endsAt - _at);
            for (var i = 0; i < now; i++) buffer.Span[i] = bytes[(_at + i) % bytes.Length];
            _at += now;
            return now;
        }
    }

    private abstract class UnseekableStream : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
