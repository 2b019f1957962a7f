namespace MidJourney;

/// <summary>Tells by its type and first bytes what a download is, and what it is not.</summary>
internal static class FileKind
{
    public const int BytesToTell = 16;

    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/png"] = ".png",
        ["image/jpeg"] = ".jpg",
        ["image/webp"] = ".webp",
        ["image/gif"] = ".gif",
        ["image/avif"] = ".avif",
        ["image/svg+xml"] = ".svg",
        ["image/tiff"] = ".tif",
        ["image/bmp"] = ".bmp",
        ["video/mp4"] = ".mp4",
        ["video/webm"] = ".webm",
        ["video/quicktime"] = ".mov",
    };

    /// <summary>Whether a type is that of a page, a message or a script rather than of an image or a video.</summary>
    public static bool IsPage(string? mediaType) => mediaType is not null && (mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("javascript", StringComparison.OrdinalIgnoreCase)
        || (mediaType.EndsWith("xml", StringComparison.OrdinalIgnoreCase) && !mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether the first bytes are those of a page or of JSON, whatever the type says.</summary>
    public static bool LooksLikePage(ReadOnlySpan<byte> start, string? mediaType)
    {
        if (string.Equals(mediaType, "image/svg+xml", StringComparison.OrdinalIgnoreCase)) return false;
        if (start.StartsWith(new byte[] { 0xef, 0xbb, 0xbf })) start = start.Slice(3);
        while (!start.IsEmpty && start[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') start = start.Slice(1);
        return !start.IsEmpty && start[0] is (byte)'<' or (byte)'{';
    }

    /// <summary>The extension, with its dot: by type, else by first bytes, else by the address.</summary>
    public static string ExtensionOf(string? mediaType, ReadOnlySpan<byte> start, Uri url)
    {
        if (mediaType is not null && Extensions.TryGetValue(mediaType, out var extension)) return extension;
        return ByMagic(start) ?? ByAddress(url) ?? ".bin";
    }

    private static string? ByMagic(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' })) return ".png";
        if (start.StartsWith(new byte[] { 0xff, 0xd8, 0xff })) return ".jpg";
        if (start.StartsWith("GIF8"u8)) return ".gif";
        if (start.Length >= 12 && start.StartsWith("RIFF"u8) && start.Slice(8).StartsWith("WEBP"u8)) return ".webp";
        if (start.Length >= 12 && start.Slice(4).StartsWith("ftyp"u8)) return start.Slice(8).StartsWith("avif"u8) ? ".avif" : ".mp4";
        return null;
    }

    private static string? ByAddress(Uri url)
    {
        var extension = Path.GetExtension(url.AbsolutePath);
        return Extensions.ContainsValue(extension.ToLowerInvariant()) ? extension.ToLowerInvariant()
            : string.Equals(extension, ".jpeg", StringComparison.OrdinalIgnoreCase) ? ".jpg" : null;
    }
}
