using System.IO.Compression;
using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>The bytes of a file decide what it is, not its name or content type.</summary>
public sealed class FileKindTests : DownloadTestBase
{
    [Theory]
    [InlineData("89504E470D0A1A0A0000000D", ".png")]
    [InlineData("FFD8FFE000104A4649460001", ".jpg")]
    [InlineData("52494646100000005745425056503820", ".webp")]
    [InlineData("474946383961010001000000", ".gif")]
    [InlineData("0000001C6674797061766966000000006D696631", ".avif")]
    [InlineData("0000001C667479706D69663100000000617669666D696631", ".avif")]
    [InlineData("00000018667479706865696300000000", ".heic")]
    [InlineData("00000018667479706D69663100000000686569636D696631", ".heic")]
    [InlineData("00000014667479706865766D0000000068657673", ".heic")]
    [InlineData("00000050667479706D6966310000000069736F6D69736F6D69736F6D69736F6D69736F6D69736F6D69736F6D69736F6D69736F6D69736F6D69736F6D69736F6D69736F6D69736F6D6D69663161766966", ".avif")]
    [InlineData("0000002066747970697336D0000002006D703432", ".mp4")]
    [InlineData("000000146674797071742020200503007174", ".mov")]
    [InlineData("00000008776964650000000A6D646174", ".mov")]
    [InlineData("1A45DFA39F4286810142F7810142F2810442F381084282847765626D", ".webm")]
    [InlineData("1A45DFA3A34286810142F7810142F2810442F381084282886D6174726F736B61", ".mkv")]
    [InlineData("49492A0008000000", ".tif")]
    [InlineData("424D1E000000000000001A0000000C00", ".bmp")]
    public async Task Extension_is_determined_by_the_bytes(string bytes, string extension)
    {
        foreach (var (type, url) in new[] { ("application/octet-stream", "https://files.test/a.png"), ("text/html", "https://files.test/a.exe"), ("image/png", "https://files.test/a"), (null, "https://files.test/a.jpeg?x=.mp4") })
            Assert.Equal(extension, Path.GetExtension((await SaveAsync(Target(task: url.Length.ToString(), url: url, force: true), Of(Convert.FromHexString(bytes), type))).Path));
    }

    public static TheoryData<string> NoImages => [
        "<html>expired</html>", "<?xml version='1.0'?><Error/>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "\ufeff{\"error\":1}", "[1]", "null", "error: expired", "MZ\u0090\0\u0003\0\0\0\u0004\0\0\0", "\u007fELF\u0002\u0001\u0001",
        "#!/bin/sh\nrm -rf /\n", "PK\u0003\u0004aaaaaaaaaaaaaa", "%PDF-1.7 aaaaaaaa", "RIFF\u0010\0\0\0WAVEfmt ", "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u0010\u0011\u0012\u0013", "\u001a\u0045\u00df\u00a3aaaaaaaaaaaa", "BMaaaaaaaaaaaaaaaa", "GIF", "x",
        "\u00ef\u00bb\u00bf<html>", "\r\n\t <!-- a comment -->\n<!DOCTYPE html>", "\u00ff\u00fe<\0h\0t\0m\0l\0>\0", "\u00fe\u00ff\0<\0h\0t\0m\0l\0>", "<\0h\0t\0m\0l\0>\0\r\0\n\0", "the wide river", "\r\n\r\nmoov",
        "size mdat", "1234ftypavif5678", "\0\0\0\u0018ftypM4A \0\0\0\0", "\u0089PN", "\u00ff\u00d8", "RIFF\u0010\0\0\0", "ID3\u0004aaaaaaaaaaaa", "\u001f\u008b\u0008\0\0\0\0\0\0\u0003aaaaaaaa"];

    [Theory]
    [MemberData(nameof(NoImages))]
    public async Task File_that_is_not_an_image_is_an_error_and_not_kept(string text)
    {
        foreach (var type in new[] { "application/octet-stream", "image/png", null })
        {
            var error = await FailAsync(Of(Encoding.Latin1.GetBytes(text), type));
            Assert.Equal(GatewayErrorKind.InvalidOutput, error.Kind);
            Assert.Empty(Folder.GetFiles());
            Assert.Single(Requests);
        }
    }

    public static TheoryData<string, Func<Stream, Stream>> Codings => new()
    {
        { "gzip", s => new GZipStream(s, CompressionLevel.Fastest) },
        { "GZIP", s => new GZipStream(s, CompressionLevel.Fastest) },
        { "x-gzip", s => new GZipStream(s, CompressionLevel.Fastest) },
        { "deflate", s => new ZLibStream(s, CompressionLevel.Fastest) },
        { "deflate", s => new DeflateStream(s, CompressionLevel.Fastest) },
        { "br", s => new BrotliStream(s, CompressionLevel.Fastest) },
        { "gzip, br", s => new GZipStream(new BrotliStream(s, CompressionLevel.Fastest), CompressionLevel.Fastest) },
        { "gzip, gzip", s => new GZipStream(new GZipStream(s, CompressionLevel.Fastest), CompressionLevel.Fastest) },
        { "deflate, gzip", s => new ZLibStream(new GZipStream(s, CompressionLevel.Fastest), CompressionLevel.Fastest) },
        { "identity, gzip", s => new GZipStream(s, CompressionLevel.Fastest) },
        { "gzip, utf-8", s => new GZipStream(s, CompressionLevel.Fastest) },
        // Not valid, but clear.
        { "gzip;q=1", s => new GZipStream(s, CompressionLevel.Fastest) },
        { "gzip,", s => new GZipStream(s, CompressionLevel.Fastest) },
        { "\"gzip\"", s => new GZipStream(s, CompressionLevel.Fastest) },
        { "identity", s => s },
        // Wrong headers: the file is not encoded.
        { "gzip", s => s },
        { "deflate", s => s },
        { "br", s => s },
        { "utf-8", s => s },
        { "aws-chunked", s => s },
    };

    [Theory]
    [MemberData(nameof(Codings), DisableDiscoveryEnumeration = true)]
    public async Task Encoded_file_is_decoded(string encoding, Func<Stream, Stream> encode)
    {
        var file = await SaveAsync(Of(Encode(encode), "image/png", encoding));
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
        Assert.Equal("identity", Requests[0].Headers.AcceptEncoding.ToString());
    }

    [Fact]
    public async Task Invalid_encoded_data_is_an_error()
    {
        byte[] body = [0x1f, 0x8b, 8, 0, .. new byte[200]];
        Assert.Equal(GatewayErrorKind.InvalidOutput, (await FailAsync(Of(body, "image/png", "gzip"))).Kind);
        Assert.Empty(Folder.GetFiles());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Encoded_page_and_truncated_encoded_file_are_errors(string encoding)
    {
        Func<Stream, Stream> encode = encoding switch { "gzip" => s => new GZipStream(s, CompressionLevel.Fastest), "br" => s => new BrotliStream(s, CompressionLevel.Fastest), _ => s => new ZLibStream(s, CompressionLevel.Fastest) };
        foreach (var body in new[] { Encode(encode, "<html>expired</html>"u8.ToArray()), Encode(encode)[..^20], Encode(encode)[..2], [] })
        {
            var error = await FailAsync(Of(body, "image/png", encoding));
            Assert.Contains(error.Kind, new[] { GatewayErrorKind.InvalidOutput, GatewayErrorKind.DownloadFailed });
            Assert.Empty(Folder.GetFiles());
        }
    }

    [Fact]
    public async Task Interrupted_encoded_download_restarts()
    {
        var encoded = Encode(s => new GZipStream(s, CompressionLevel.NoCompression));
        var file = await SaveAsync(
            async (request, ended) =>
            {
                var response = await Of(new BreakingStream(encoded[..3000]))(request, ended);
                response.Content.Headers.ContentEncoding.Add("gzip");
                return response;
            },
            Of(encoded, "image/png", "gzip"));
        Assert.Null(Requests[1].Headers.Range);
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
    }

    [Fact]
    public async Task Encoded_range_is_rejected()
    {
        Answer encoded = async (request, ended) =>
        {
            var response = await Part(1000)(request, ended);
            response.Content.Headers.ContentEncoding.Add("gzip");
            return response;
        };
        var file = await SaveAsync(Broken(1000), encoded, Whole());
        Assert.Null(Requests[2].Headers.Range);
        Assert.Equal(Image, await File.ReadAllBytesAsync(file.Path));
    }

    [Fact]
    public async Task Decompression_bomb_is_stopped_at_the_limit()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Image);
            for (var n = 0; n < 64; n++) gzip.Write(new byte[1024 * 1024]);
        }
        var error = await FailAsync(Target(maxBytes: 1_000_000), Of(packed.ToArray(), "image/png", "gzip"));
        Assert.Equal(GatewayErrorKind.InvalidOutput, error.Kind);
        Assert.Empty(Folder.GetFiles());
    }

    private static byte[] Encode(Func<Stream, Stream> encode, byte[]? file = null)
    {
        using var packed = new MemoryStream();
        using (var stream = encode(new OpenStream(packed))) stream.Write(file ?? Image);
        return packed.ToArray();
    }

    /// <summary>Stays open when its writer is closed.</summary>
    private sealed class OpenStream(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
