using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MidJourney.Client.Tests;

/// <summary>Reads a PNG as strictly as the specification allows: signature, every chunk's checksum, the order of chunks, and all pixels.</summary>
internal sealed class PngFile
{
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private PngFile(List<(string Kind, byte[] Data)> chunks) => Chunks = chunks;

    public IReadOnlyList<(string Kind, byte[] Data)> Chunks { get; }

    /// <summary>The iTXt chunks by keyword, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Texts => [.. Chunks.Where(c => c.Kind == "iTXt").Select(c => TextOf(c.Data))];

    public byte[] Pixels { get; private set; } = [];

    public static PngFile Read(string path) => Parse(File.ReadAllBytes(path));

    public static PngFile Parse(byte[] bytes)
    {
        Assert.Equal(Signature, bytes[..8]);
        var chunks = new List<(string Kind, byte[] Data)>();
        for (var at = 8; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            Assert.InRange(length, 0, bytes.Length - at - 12);
            var kind = Encoding.ASCII.GetString(bytes, at + 4, 4);
            Assert.Equal(Checksum(bytes.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 8 + length)));
            chunks.Add((kind, bytes[(at + 8)..(at + 8 + length)]));
            at += length + 12;
        }
        Assert.Equal(("IHDR", "IEND"), (chunks[0].Kind, chunks[^1].Kind));
        Assert.Single(chunks, c => c.Kind == "IEND");
        return new PngFile(chunks) { Pixels = Decode(chunks) };
    }

    /// <summary>A small image of one color.</summary>
    public static byte[] Make(params (string Kind, byte[] Data)[] more)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            for (var row = 0; row < 4; row++) zlib.Write([0, .. Enumerable.Repeat((byte)200, 12)]);
        return [.. Signature, .. Chunk("IHDR", [0, 0, 0, 4, 0, 0, 0, 4, 8, 2, 0, 0, 0]), .. more.SelectMany(c => Chunk(c.Kind, c.Data)), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string kind, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(kind).CopyTo(chunk, 4);
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Checksum(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    /// <summary>Every row must exist and have a valid filter, and nothing may follow the last one.</summary>
    private static byte[] Decode(List<(string Kind, byte[] Data)> chunks)
    {
        var header = chunks[0].Data;
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        Assert.Equal((8, 2), (header[8], header[9]));
        using var packed = new MemoryStream(chunks.Where(c => c.Kind == "IDAT").SelectMany(c => c.Data).ToArray());
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        using var pixels = new MemoryStream();
        zlib.CopyTo(pixels);
        var bytes = pixels.ToArray();
        var row = 1 + width * 3;
        Assert.Equal(row * height, bytes.Length);
        for (var y = 0; y < height; y++) Assert.InRange(bytes[y * row], 0, 4);
        return bytes;
    }

    private static KeyValuePair<string, string> TextOf(byte[] data)
    {
        var end = Array.IndexOf(data, (byte)0);
        Assert.InRange(end, 1, 79);
        // Uncompressed, without language and translated keyword.
        Assert.Equal(new byte[5], data[end..(end + 5)]);
        var text = data.AsSpan(end + 5);
        Assert.Equal(-1, text.IndexOf((byte)0));
        return new(Encoding.Latin1.GetString(data, 0, end), new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text));
    }

    /// <summary>CRC-32 bit by bit, as in the specification.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
        }
        return ~crc;
    }
}
