namespace MidJourney.Client.Tests;

/// <summary>A disk with so much room: of a write that does not fit, what does is written before it fails, as on a real one.</summary>
internal sealed class FillingDisk
{
    private readonly object _lock = new();

    /// <summary>Bytes that can still be written, in all files together.</summary>
    public long Room { get; set; } = long.MaxValue;

    public int Failures { get; private set; }

    /// <summary>Whether the device refuses to keep what is written.</summary>
    public bool FailsToFlush { get; set; }

    /// <summary>Whether what is overwritten needs new room, as on some file systems.</summary>
    public bool IsCopyOnWrite { get; set; }

    /// <summary>Done when a part of a write has been written, and the rest does not fit.</summary>
    public Action? Torn { get; set; }

    /// <summary>A journal's file that lies on it.</summary>
    public JournalFile JournalFile(string path) => new File(path, this);

    private int Take(int count)
    {
        lock (_lock)
        {
            var taken = (int)Math.Min(count, Room);
            Room -= taken;
            if (taken < count) Failures++;
            return taken;
        }
    }

    private sealed class File(string path, FillingDisk disk) : JournalFile(path)
    {
        private protected override FileStream Open(string path, FileAccess access, FileShare share)
        {
            // The ordinary one makes it as it must be.
            base.Open(path, access, share).Dispose();
            return new Stream(path, access, share, disk);
        }
    }

    private sealed class Stream(string path, FileAccess access, FileShare share, FillingDisk disk) : FileStream(path, FileMode.Open, access, share, 1)
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            // What is overwritten has its room already.
            var over = disk.IsCopyOnWrite ? 0 : (int)Math.Min(Math.Max(Length - Position, 0), count);
            var taken = over + disk.Take(count - over);
            base.Write(buffer, offset, taken);
            Flush();
            if (taken < count) disk.Torn?.Invoke();
            // ENOSPC, as .NET says it.
            if (taken < count) throw new IOException("There is not enough space on the disk.", 28);
        }

        public override void Flush(bool flushToDisk)
        {
            if (flushToDisk && disk.FailsToFlush) throw new IOException("Input/output error", 5);
            base.Flush(flushToDisk);
        }
    }
}
