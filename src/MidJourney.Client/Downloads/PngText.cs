using System.Buffers.Binary;
using System.Text;

namespace MidJourney.Downloads;

/// <summary>Embeds text in PNG files, and finds it again (PNG specification: iTXt, which is UTF-8).</summary>
internal static class PngText
{
    /// <summary>The keyword of the chunk with all metadata, the first one after the header.</summary>
    public const string Keyword = "MidJourney";

    private const int HeaderLength = 33;
    private const int ChunkOverhead = 12;
    private const int MaxChunkBytes = 1024 * 1024;

    private static readonly byte[] Start = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];

    /// <summary>The bytes between a keyword and an uncompressed text without a language.</summary>
    private static readonly byte[] BeforeText = [0, 0, 0, 0, 0];

    /// <summary>Copies a PNG, and adds texts after its header, which must be first.</summary>
    /// <returns>False if the source is not a PNG; nothing is written then.</returns>
    public static bool Insert(Stream source, Stream target, IEnumerable<KeyValuePair<string, string>> texts)
    {
        if (ReadHeader(source) is not { } header) return false;
        target.Write(header, 0, header.Length);
        foreach (var text in texts)
        {
            var chunk = ChunkOf(text.Key, text.Value);
            target.Write(chunk, 0, chunk.Length);
        }
        source.CopyTo(target);
        return true;
    }

    public static bool IsPng(string path)
    {
        using var file = File.OpenRead(path);
        return ReadHeader(file) is not null;
    }

    /// <summary>The metadata that this module embedded in a file; null if there is none.</summary>
    public static PngBlock? Find(string path)
    {
        using var file = File.OpenRead(path);
        if (ReadHeader(file) is null || ReadTextLength(file) is not { } length || Read(file, length) is not { } data) return null;
        var start = Encoding.ASCII.GetBytes(Keyword).Concat(BeforeText).ToArray();
        if (!data.AsSpan().StartsWith(start)) return null;
        if (OutputStamp.Parse(data.AsMemory(start.Length), OutputMetadata.Download) is not { } stamp) return null;
        var blockLength = file.Length - stamp.Length;
        var end = HeaderLength + ChunkOverhead + (long)length;
        while (end < HeaderLength + blockLength)
        {
            file.Position = end;
            if (ReadTextLength(file) is not { } next) break;
            end += ChunkOverhead + next;
        }
        return new PngBlock(HeaderLength, blockLength, stamp, end == HeaderLength + blockLength);
    }

    private static byte[]? ReadHeader(Stream stream) =>
        Read(stream, HeaderLength) is { } header && header.AsSpan().StartsWith(Start) ? header : null;

    /// <summary>The length of the text chunk that begins here; null if there is none.</summary>
    private static int? ReadTextLength(Stream stream) =>
        Read(stream, 8) is { } head && head.AsSpan(4).SequenceEqual("iTXt"u8) && BinaryPrimitives.ReadUInt32BigEndian(head) is <= MaxChunkBytes and var length ? (int)length : null;

    private static byte[]? Read(Stream stream, int count)
    {
        var bytes = new byte[count];
        return stream.Fill(bytes) == count ? bytes : null;
    }

    private static byte[] ChunkOf(string keyword, string text)
    {
        // NUL would end the text.
        byte[] data = [.. "iTXt"u8, .. Encoding.ASCII.GetBytes(keyword), .. BeforeText, .. Encoding.UTF8.GetBytes(text.Replace('\0', '\ufffd'))];
        byte[] chunk = [0, 0, 0, 0, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length - 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + data.Length), Crc32(data));
        return chunk;
    }

    /// <summary>The checksum of PNG chunks (ISO 3309), which .NET does not have without another package.</summary>
    private static uint Crc32(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : 0xedb88320 ^ (crc >> 1);
        }
        return ~crc;
    }
}

/// <summary>The metadata that this module embedded in a PNG.</summary>
/// <param name="Start">Its position.</param>
/// <param name="Length">Its length.</param>
/// <param name="Stamp">What it says about the file.</param>
/// <param name="IsWhole">True if the file has its full length.</param>
internal sealed record PngBlock(long Start, long Length, OutputStamp Stamp, bool IsWhole);
