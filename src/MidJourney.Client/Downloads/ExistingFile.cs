using System.Security.Cryptography;

namespace MidJourney.Downloads;

/// <summary>A file in the output folder, and the output it belongs to, if its metadata says so.</summary>
/// <param name="Path">The path.</param>
/// <param name="Length">The length without embedded metadata; -1 if the file is not complete.</param>
/// <param name="Block">The embedded metadata; null for none.</param>
/// <param name="Stamp">The output it belongs to; null if unknown.</param>
internal sealed record ExistingFile(string Path, long Length, PngBlock? Block, OutputStamp? Stamp)
{
    /// <returns>Null if there is no readable file.</returns>
    public static ExistingFile? Of(string path)
    {
        try
        {
            var length = FileLength.Of(path);
            if (length == 0) return new(path, 0, null, null);
            if (PngText.Find(path) is { } block) return new(path, block.IsWhole ? block.Stamp.Length : -1, block, block.Stamp);
            // The metadata beside the file may be left over from an earlier file.
            return new(path, length, null, OutputStamp.Beside(path) is { } beside && beside.Length == length ? beside : null);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            return null;
        }
    }

    /// <summary>False if the file certainly belongs to another output.</summary>
    public bool CanBe(DownloadTarget target) => Stamp is null || (Stamp.TaskId == target.TaskId && Stamp.Index == target.Index);

    /// <summary>True if the file has this content, apart from embedded metadata.</summary>
    public bool Has(long length, string sha256)
    {
        if (Length != length) return false;
        try
        {
            using var file = File.OpenRead(Path);
            return FileFacts.HashOf(file, Block) == sha256;
        }
        catch (Exception e) when (FileErrors.Is(e)) { return false; }
    }
}

/// <summary>Facts about a file that its metadata contains.</summary>
internal sealed record FileFacts(string Name, long Length, string Sha256, DateTime SavedAt)
{
    private const int BufferSize = 64 * 1024;

    public static FileFacts Of(string path)
    {
        using var file = File.OpenRead(path);
        var written = File.GetLastWriteTimeUtc(path);
        return new(Path.GetFileName(path), file.Length, HashOf(file), written.AddTicks(-(written.Ticks % TimeSpan.TicksPerSecond)));
    }

    /// <summary>The SHA-256 of an open file as lower-case hexadecimal digits, without a block of it.</summary>
    public static string HashOf(Stream file, PngBlock? without = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        file.Position = 0;
        while (true)
        {
            if (file.Position == without?.Start) file.Position += without.Length;
            var count = file.Read(buffer, 0, file.Position < without?.Start ? (int)Math.Min(buffer.Length, without.Start - file.Position) : buffer.Length);
            if (count == 0) return FrameworkCompat.ToHex(hash.GetHashAndReset());
            hash.AppendData(buffer, 0, count);
        }
    }
}
