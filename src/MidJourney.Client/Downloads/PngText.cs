using System.Text;

namespace MidJourney.Downloads;

/// <summary>Puts text into PNG files, and finds what it has put there (PNG specification: iTXt, which is UTF-8).</summary>
internal static class PngText
{
    /// <summary>The keyword of the chunk that tells all, the first behind the header.</summary>
    public const string Own = "MidJourney";

    private const int HeaderEnd = 33;
    private const int Frame = 12;
    private const int MostBytes = 1024 * 1024;

    private static readonly byte[] Start = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];

    /// <summary>What stands between a keyword and an uncompressed text in no particular language.</summary>
    private static readonly byte[] BeforeText = [0, 0, 0, 0, 0];

    /// <summary>Copies a PNG, with texts behind its header, before which nothing may stand.</summary>
    /// <returns>False when it is no PNG; then nothing is written.</returns>
    public static bool Insert(Stream source, Stream target, IEnumerable<KeyValuePair<string, string>> texts)
    {
        if (ReadHeader(source) is not { } header) return false;
        target.Write(header, 0, header.Length);
        foreach (var text in texts) WriteChunk(target, text.Key, text.Value);
        source.CopyTo(target);
        return true;
    }

    /// <summary>Whether a file is a PNG, by its first bytes.</summary>
    public static bool IsPng(string path)
    {
        using var file = File.OpenRead(path);
        return ReadHeader(file) is not null;
    }

    /// <summary>What this module has put into a file; null for nothing.</summary>
    public static PngBlock? Find(string path)
    {
        using var file = File.OpenRead(path);
        if (ReadHeader(file) is null || ReadChunkHead(file) is not { } length || Read(file, length) is not { } data) return null;
        var start = Encoding.ASCII.GetBytes(Own).Concat(BeforeText).ToArray();
        if (!data.AsSpan().StartsWith(start)) return null;
        if (OutputStamp.Parse(data.AsMemory(start.Length), OutputMetadata.Download) is not { } stamp) return null;
        var blockLength = file.Length - stamp.Length;
        var end = HeaderEnd + Frame + (long)length;
        while (end < HeaderEnd + blockLength)
        {
            file.Position = end;
            if (ReadChunkHead(file) is not { } next) break;
            end += Frame + next;
        }
        return new PngBlock(HeaderEnd, blockLength, stamp, end == HeaderEnd + blockLength);
    }

    private static byte[]? ReadHeader(Stream stream) =>
        Read(stream, HeaderEnd) is { } header && header.AsSpan().StartsWith(Start) ? header : null;

    /// <summary>The length of the text chunk that begins here; null when none does.</summary>
    private static int? ReadChunkHead(Stream stream)
    {
        if (Read(stream, 8) is not { } head || !head.AsSpan(4).SequenceEqual("iTXt"u8)) return null;
        var length = ((long)head[0] << 24) | ((long)head[1] << 16) | ((long)head[2] << 8) | head[3];
        return length <= MostBytes ? (int)length : null;
    }

    private static byte[]? Read(Stream stream, int count)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var read = stream.Read(bytes, have, count - have);
            if (read == 0) return null;
            have += read;
        }
        return bytes;
    }

    private static void WriteChunk(Stream target, string keyword, string text)
    {
        // A text has no end mark, and must not hold what would be one.
        byte[] chunk = [(byte)'i', (byte)'T', (byte)'X', (byte)'t', .. Encoding.ASCII.GetBytes(keyword), .. BeforeText, .. Encoding.UTF8.GetBytes(text.Replace('\0', '\ufffd'))];
        WriteNumber(target, (uint)(chunk.Length - 4));
        target.Write(chunk, 0, chunk.Length);
        WriteNumber(target, Crc32.Of(chunk));
    }

    private static void WriteNumber(Stream target, uint number)
    {
        for (var shift = 24; shift >= 0; shift -= 8) target.WriteByte((byte)(number >> shift));
    }
}

/// <summary>The metadata inside a PNG that this module put there.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Stamp">What it says of the file.</param>
/// <param name="IsWhole">Whether the file is as long as it must be.</param>
internal sealed record PngBlock(long Start, long Length, OutputStamp Stamp, bool IsWhole);

/// <summary>The checksum of PNG chunks (ISO 3309), which .NET itself does not have.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = Table[(crc ^ b) & 0xff] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < table.Length; n++)
        {
            var value = n;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : 0xedb88320 ^ (value >> 1);
            table[n] = value;
        }
        return table;
    }
}
