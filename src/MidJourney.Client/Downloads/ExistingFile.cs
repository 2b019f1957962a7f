using System.Globalization;
using System.Security.Cryptography;

namespace MidJourney.Downloads;

/// <summary>A file that is there: how long it was when it came, and whose it is where its metadata tells.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Its length without the metadata in it; -1 when it is not whole.</param>
/// <param name="Block">The metadata in it; null for none.</param>
/// <param name="Stamp">Whose it is; null when nothing tells.</param>
internal sealed record ExistingFile(string Path, long Length, PngBlock? Block, OutputStamp? Stamp)
{
    /// <returns>What is there; null when that is no file that can be read.</returns>
    public static ExistingFile? Of(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            // What has no length may be a pipe or a device, which must not be opened.
            if (length == 0) return new(path, 0, null, null);
            if (PngText.Find(path) is { } block) return new(path, block.IsWhole ? block.Stamp.Length : -1, block, block.Stamp);
            // What lies beside may be left of a file that was there before.
            return new(path, length, null, OutputStamp.Beside(path) is { } beside && beside.Length == length ? beside : null);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            return null;
        }
    }

    /// <summary>Whether it can be the output's file, rather than certainly being another's.</summary>
    public bool CanBe(DownloadTarget target) => Stamp is null || (Stamp.TaskId == target.TaskId && Stamp.Index == target.Index);

    /// <summary>Whether it has these bytes, apart from the metadata in it.</summary>
    public bool Has(long length, string sha256)
    {
        if (Length != length) return false;
        try { return FileFacts.HashOf(Path, Block) == sha256; }
        catch (Exception e) when (FileErrors.Is(e)) { return false; }
    }
}

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
