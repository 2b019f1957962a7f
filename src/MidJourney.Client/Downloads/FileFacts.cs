using System.Globalization;
using System.Security.Cryptography;

namespace MidJourney;

/// <summary>What is true of a file now.</summary>
internal sealed record FileFacts(string Name, long Length, string Sha256, DateTime SavedAt)
{
    public static FileFacts Of(string path)
    {
        using var file = File.OpenRead(path);
        using var algorithm = SHA256.Create();
        var hash = string.Concat(algorithm.ComputeHash(file).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
        var written = File.GetLastWriteTimeUtc(path);
        return new(Path.GetFileName(path), file.Length, hash, written.AddTicks(-(written.Ticks % TimeSpan.TicksPerSecond)));
    }
}
