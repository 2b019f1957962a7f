using System.Globalization;
using System.Security.Cryptography;

namespace MidJourney;

/// <summary>What is true of a file now.</summary>
internal sealed record FileFacts(string Name, long Length, string Sha256, DateTime SavedAt)
{
    private const int BufferSize = 64 * 1024;

    public static FileFacts Of(string path)
    {
        using var file = File.OpenRead(path);
        var written = File.GetLastWriteTimeUtc(path);
        return new(Path.GetFileName(path), file.Length, HashOf(file), written.AddTicks(-(written.Ticks % TimeSpan.TicksPerSecond)));
    }

    /// <summary>The SHA-256 of a file as lower-case hexadecimal digits, without a part of it.</summary>
    public static string HashOf(string path, PngBlock? without)
    {
        using var file = File.OpenRead(path);
        return HashOf(file, without);
    }

    /// <summary>The same of an open file, from its first byte to its last.</summary>
    public static string HashOf(Stream file, PngBlock? without = null)
    {
        using var algorithm = SHA256.Create();
        var buffer = new byte[BufferSize];
        long at = file.Position = 0;
        while (true)
        {
            if (at == without?.Start) file.Seek(without.Length, SeekOrigin.Current);
            var most = at < without?.Start ? (int)Math.Min(buffer.Length, without.Start - at) : buffer.Length;
            var count = file.Read(buffer, 0, most);
            if (count == 0) break;
            algorithm.TransformBlock(buffer, 0, count, null, 0);
            at += count;
        }
        algorithm.TransformFinalBlock([], 0, 0);
        return string.Concat(algorithm.Hash!.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
