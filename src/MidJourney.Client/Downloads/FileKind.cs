using System.Buffers.Binary;
using System.Text;

namespace MidJourney.Downloads;

/// <summary>Identifies a file by its bytes alone: content types, names and URLs are often wrong.</summary>
internal static class FileKind
{
    /// <summary>The first bytes of a file that are enough to identify it.</summary>
    public const int HeaderLength = 512;

    public static readonly string[] Extensions = [".png", ".jpg", ".webp", ".gif", ".avif", ".heic", ".mp4", ".mov", ".webm", ".mkv", ".tif", ".bmp"];

    private static readonly byte[][] HeicBrands = [.. new[] { "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The extension that files of this format get, such as .jpg for .JPEG; null if it is not that of an image or a video.</summary>
    public static string? OfExtension(string extension) => extension.ToLowerInvariant() switch
    {
        ".jpeg" => ".jpg",
        ".tiff" => ".tif",
        ".heif" => ".heic",
        ".m4v" => ".mp4",
        var other => Extensions.Contains(other) ? other : null,
    };

    /// <summary>The extension of an image or a video, with its dot; null for any other file.</summary>
    public static string? ExtensionOf(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])) return ".png";
        if (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return ".jpg";
        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8)) return ".gif";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1a, 0x45, 0xdf, 0xa3])) return start.IndexOf("webm"u8) >= 0 ? ".webm" : start.IndexOf("matroska"u8) >= 0 ? ".mkv" : null;
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8)) return ".tif";
        if (start.Length < 12) return null;
        if (start.StartsWith("RIFF"u8)) return start.Slice(8).StartsWith("WEBP"u8) ? ".webp" : null;
        if (start.StartsWith("BM"u8)) return start.Slice(6, 4).SequenceEqual("\0\0\0\0"u8) ? ".bmp" : null;
        return ExtensionOfBoxes(start);
    }

    /// <summary>True for HTML, XML, JSON and other text, in UTF-8 or UTF-16.</summary>
    public static bool LooksLikeText(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || start.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff])) return true;
        if (start.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf])) start = start.Slice(3);
        return IsText(start);
    }

    /// <summary>True if there are no control characters but those of text.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            if (b is < 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f') or 0x7f) return false;
        return true;
    }

    /// <summary>True if a file is complete and has the format that its extension says.</summary>
    public static bool IsWhole(string path)
    {
        using var file = File.OpenRead(path);
        return EndOf(file) is var (kind, isWhole) && kind == OfExtension(Path.GetExtension(path)) && isWhole == true;
    }

    /// <summary>The extension of an image or a video, and whether its end is there; null if that cannot be seen without parsing it.</summary>
    public static (string? Kind, bool? IsWhole) EndOf(FileStream file)
    {
        var start = new byte[HeaderLength];
        file.Position = 0;
        var kind = ExtensionOf(start.AsSpan(0, file.Fill(start)));
        return (kind, kind switch
        {
            ".png" => EndsWith(file, [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xae, 0x42, 0x60, 0x82]),
            ".jpg" => EndsWith(file, [0xff, 0xd9]),
            ".gif" => EndsWith(file, [0x3b]),
            ".webp" => file.Length == 8L + BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(4)),
            ".bmp" => file.Length == BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(2)),
            ".avif" or ".heic" or ".mp4" or ".mov" => BoxesFill(file),
            _ => null,
        });
    }

    /// <summary>ISO base media files consist of boxes with a length and a name. The first box identifies the file.</summary>
    private static string? ExtensionOfBoxes(ReadOnlySpan<byte> start)
    {
        var name = start.Slice(4, 4);
        // The length of a box is not text, but a text may have one of these words there.
        if (IsText(start.Slice(0, 4))) return null;
        // Early QuickTime files have no such box.
        if (name.SequenceEqual("moov"u8) || name.SequenceEqual("mdat"u8) || name.SequenceEqual("wide"u8)) return ".mov";
        if (!name.SequenceEqual("ftyp"u8)) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(start);
        var brand = start.Slice(8, 4);
        if (brand.SequenceEqual("qt  "u8)) return ".mov";
        if (brand.SequenceEqual("M4A "u8) || brand.SequenceEqual("M4B "u8)) return null;
        // The compatible brands follow the major brand and a version. A still image may have its format only there.
        var others = start.Slice(8, Math.Max(0, Math.Min(start.Length, length) - 8));
        if (Names(others, "avif"u8) || Names(others, "avis"u8)) return ".avif";
        foreach (var heic in HeicBrands)
            if (Names(others, heic)) return ".heic";
        return ".mp4";
    }

    private static bool Names(ReadOnlySpan<byte> brands, ReadOnlySpan<byte> brand)
    {
        for (; brands.Length >= 4; brands = brands.Slice(4))
            if (brands.Slice(0, 4).SequenceEqual(brand)) return true;
        return false;
    }

    private static bool EndsWith(FileStream file, ReadOnlySpan<byte> end)
    {
        if (file.Length < end.Length) return false;
        file.Seek(-end.Length, SeekOrigin.End);
        var bytes = new byte[end.Length];
        return file.Fill(bytes) == end.Length && bytes.AsSpan().SequenceEqual(end);
    }

    private static bool BoxesFill(FileStream file)
    {
        var head = new byte[16];
        long at = 0;
        for (var count = 0; at < file.Length && count < 10_000; count++)
        {
            file.Position = at;
            if (file.Fill(head) < 8) return false;
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length == 0) return true;
            if (length == 1) length = BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(8));
            if (length < 8 || length > file.Length - at) return false;
            at += length;
        }
        return at == file.Length;
    }
}
