using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;

namespace MidJourney.Client.Tests;

/// <summary>A folder, a fake clock, and an image host with scripted responses.</summary>
public abstract class DownloadTestBase : IDisposable
{
    private protected static readonly byte[] Image =
        [0x89, (byte)'P', (byte)'N', (byte)'G', .. Enumerable.Range(0, 4988).Select(n => (byte)n), 0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xae, 0x42, 0x60, 0x82];

    private protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("midjourney-files-");

    private protected FakeTimeProvider Clock { get; } = Sample.Clock();

    private protected Notes Notes { get; } = new();

    private protected List<HttpRequestMessage> Requests { get; } = [];

    /// <summary>The names of all files except the record, sorted.</summary>
    private protected string[] Names => [.. Folder.GetFiles().Select(f => f.Name).Where(n => n != FolderRecord.FileName).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected Task<DownloadedFile> SaveAsync(params Answer[] script) => SaveAsync(Target(), script);

    private protected async Task<DownloadedFile> SaveAsync(DownloadTarget target, params Answer[] script)
    {
        using var downloader = Downloader(script);
        return await Clock.Drive(downloader.SaveAsync(target, Notes, null, CancellationToken.None));
    }

    private protected Task<GatewayException> FailAsync(params Answer[] script) => FailAsync(Target(), script);

    private protected Task<GatewayException> FailAsync(DownloadTarget target, params Answer[] script) => Assert.ThrowsAsync<GatewayException>(() => SaveAsync(target, script));

    /// <summary>Sends the script's responses in turn, and then repeats the last one.</summary>
    private protected OutputDownloader Downloader(params Answer[] script)
    {
        Requests.Clear();
        return new OutputDownloader(null, 1, new Host(Requests, script), Clock);
    }

    private protected DownloadTarget Target(string task = "t1", string url = "https://files.test/a.png", bool force = false, long maxBytes = DownloadTarget.DefaultMaxBytes,
        Func<CancellationToken, Task<Uri?>>? renew = null, DownloadRun? run = null) => new()
        {
            Url = new Uri(url),
            Folder = new OutputFolder(Folder.FullName),
            Name = "name",
            OwnName = "name_" + task,
            TaskId = task,
            Force = force,
            MaxBytes = maxBytes,
            Renew = renew,
            Run = run ?? new DownloadRun(),
        };

    private protected string PathOf(string name) => Path.Combine(Folder.FullName, name);

    private protected static Answer Whole(string? type = "image/png") => Of(Image, type);

    private protected static Answer Of(byte[] body, string? type = null, string? encoding = null) => (_, _) => Task.FromResult(Response(new ByteArrayContent(body), type, encoding));

    private protected static Answer Of(Stream body, string? type = null) => (_, _) => Task.FromResult(Response(new StreamContent(body), type));

    private protected static Answer Chunked(Stream body, string? type = null) => (_, _) =>
    {
        var response = Response(new StreamContent(body), type);
        response.Headers.TransferEncodingChunked = true;
        return Task.FromResult(response);
    };

    /// <summary>The connection ends after this many bytes.</summary>
    private protected static Answer Broken(int length) => (_, _) =>
    {
        var content = new StreamContent(new UnsizedStream(Image[..length]));
        content.Headers.ContentLength = Image.Length;
        return Task.FromResult(Response(content, "image/png"));
    };

    private protected static Answer Part(int from) => (_, _) =>
    {
        var response = Response(new ByteArrayContent(Image[from..]), "image/png");
        response.StatusCode = HttpStatusCode.PartialContent;
        response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, Image.Length - 1, Image.Length);
        return Task.FromResult(response);
    };

    private protected static Answer Status(int status) => (_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent([]) });

    private static HttpResponseMessage Response(HttpContent content, string? type, string? encoding = null)
    {
        if (type is not null) content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null) content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        var response = new HttpResponseMessage { Content = content };
        response.Headers.ETag = new EntityTagHeaderValue("\"v1\"");
        return response;
    }

    private sealed class Host(List<HttpRequestMessage> requests, Answer[] script) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int count;
            lock (requests)
            {
                requests.Add(request);
                count = requests.Count;
            }
            return script[Math.Min(count, script.Length) - 1](request, cancellationToken);
        }
    }

    /// <summary>Does not reveal its length.</summary>
    private protected sealed class UnsizedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
