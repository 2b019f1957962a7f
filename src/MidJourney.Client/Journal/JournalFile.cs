namespace MidJourney;

/// <summary>
/// The journal's file. Everything that is written is appended in one write under a lock that other processes respect,
/// so lines of several writers never mix; reading needs no lock.
/// </summary>
internal class JournalFile(string path)
{
    private const FileShare Everybody = FileShare.ReadWrite | FileShare.Delete;
    private const int LongestHeader = 256;
#if NET
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#endif

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LittlePatience = TimeSpan.FromMilliseconds(100);

    private TimeSpan _patience = Patience;
#if NET
    private bool _isModeSeen;
#endif

    /// <summary>Its full path.</summary>
    public string Path => path;

    /// <summary>Why others can read it, which could not be changed; null where they cannot.</summary>
    public string? ModeProblem { get; private set; }

    /// <summary>Checks, without waiting, that the path can be a journal's.</summary>
    /// <exception cref="IOException">Something else is there: a folder, a pipe, a device.</exception>
    public void Check()
    {
        RegularFile.Check(path);
        RegularFile.Check(path + ".lock");
        Narrow();
    }

    /// <summary>Waits until no other writer is at it, in this process or another.</summary>
    /// <exception cref="IOException">Another writer has held it for too long, or it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public IDisposable Lock()
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            try
            {
                var held = Open(path + ".lock", FileAccess.ReadWrite, FileShare.None);
                _patience = Patience;
                return held;
            }
            catch (DirectoryNotFoundException) when (MakeFolder())
            {
            }
            catch (IOException e) when (IsTaken(e) && waited.Elapsed < _patience)
            {
                Thread.Sleep(pause);
            }
            catch (IOException e) when (IsTaken(e))
            {
                // Whoever holds it for so long may hold it for ever, and work must go on.
                _patience = LittlePatience;
                throw;
            }
        }
    }

    /// <summary>Appends lines; only under the lock. Of what does not fit, the lines that do are kept, and a torn one is cut off if it can be.</summary>
    /// <param name="lines">Whole lines.</param>
    /// <param name="header">Makes the first line of a new file.</param>
    public JournalWritten Append(ReadOnlySpan<byte> lines, Func<byte[]> header)
    {
        using var file = Open(path, FileAccess.ReadWrite, Everybody);
        var before = file.Length;
        var isTorn = before > 0 && LastByte(file) != '\n';
        file.Seek(0, SeekOrigin.End);
        ReadOnlySpan<byte> first = before == 0 ? header() : isTorn ? "\n"u8 : [];
        var text = Join(first, lines);
        try
        {
            file.Write(text, 0, text.Length);
            return new JournalWritten(before, before + text.Length, lines.Length, null);
        }
        catch (Exception e) when (TaskJournal.IsOfFile(e))
        {
            var whole = text.AsSpan(0, (int)Math.Min(file.Length - before, text.Length)).LastIndexOf((byte)'\n') + 1;
            try { file.SetLength(before + whole); }
            catch (Exception cut) when (TaskJournal.IsOfFile(cut))
            {
                // Whoever appends next ends the torn line first.
            }
            return new JournalWritten(before, before + whole, Math.Max(0, whole - first.Length), e);
        }
    }

    /// <summary>Reads the last whole lines, in so many bytes at most; empty when there is no file.</summary>
    public ReadOnlySpan<byte> ReadLast(int bytes)
    {
        var length = File.Exists(path) ? new FileInfo(path).Length : 0;
        if (length <= bytes) return ReadFrom(0);
        var text = ReadFrom(length - bytes);
        return text.AsSpan(Array.IndexOf(text, (byte)'\n') + 1);
    }

    /// <summary>Reads from an offset to the end; empty when there is no file.</summary>
    public byte[] ReadFrom(long offset)
    {
        try
        {
            using var file = OpenToRead();
            if (file.Length <= offset) return [];
            file.Seek(offset, SeekOrigin.Begin);
            var text = new byte[file.Length - offset];
            var count = 0;
            while (count < text.Length && file.Read(text, count, text.Length - count) is > 0 and var read) count += read;
            Array.Resize(ref text, count);
            return text;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>What tells this file from the one that stood here before it was rotated; empty when there is none.</summary>
    public byte[] Identity()
    {
        try
        {
            using var file = OpenToRead();
            var start = new byte[LongestHeader];
            var count = file.Read(start, 0, start.Length);
            var end = Array.IndexOf(start, (byte)'\n', 0, count);
            return start.AsSpan(0, end < 0 ? count : end).ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Puts other content in its place, all at once; only under the lock.</summary>
    public void Replace(Action<Stream> write)
    {
        var next = path + ".new";
        File.Delete(next);
        try
        {
            using (var file = Open(next, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Replace(next, path, destinationBackupFileName: null);
        }
        catch
        {
            // On a full disk, half a copy takes what room there is.
            File.Delete(next);
            throw;
        }
    }

    private FileStream OpenToRead()
    {
        // Opening a pipe would wait for somebody to write to it, and a device never ends.
        RegularFile.Check(path);
        Narrow();
        return new FileStream(path, FileMode.Open, FileAccess.Read, Everybody, 1);
    }

#if NET
    /// <summary>A journal that was copied, or made by something else, may be open to everybody; prompts are nobody else's business.</summary>
    private void Narrow()
    {
        if (_isModeSeen || OperatingSystem.IsWindows()) return;
        _isModeSeen = true;
        foreach (var file in new[] { path, path + ".lock", path + ".new" })
        {
            try
            {
                var mode = File.Exists(file) ? File.GetUnixFileMode(file) : UnixFileMode.None;
                if ((mode & ~Owner) != 0) File.SetUnixFileMode(file, mode & Owner);
            }
            catch (Exception e) when (TaskJournal.IsOfFile(e))
            {
                // A link may lead to a file that is not made yet.
                if (file == path && e is not (FileNotFoundException or DirectoryNotFoundException)) ModeProblem = e.Message;
            }
        }
    }
#else
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "Windows has no modes.")]
    private void Narrow()
    {
    }
#endif

    /// <summary>Opens or makes a file that only its owner can read.</summary>
    private protected virtual FileStream Open(string path, FileAccess access, FileShare share)
    {
        RegularFile.Check(path);
        Narrow();
#if NET
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return new FileStream(path, options);
#else
        return new FileStream(path, FileMode.OpenOrCreate, access, share, 1);
#endif
    }

    private bool MakeFolder()
    {
        var folder = System.IO.Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(folder) || Directory.Exists(folder)) return false;
#if NET
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        else
#endif
        Directory.CreateDirectory(folder);
        return true;
    }

    private static int LastByte(FileStream file)
    {
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte();
    }

    private static byte[] Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var both = new byte[first.Length + second.Length];
        first.CopyTo(both);
        second.CopyTo(both.AsSpan(first.Length));
        return both;
    }

    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows; EAGAIN of Linux and of macOS.
    private static bool IsTaken(IOException e) => e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;
}
