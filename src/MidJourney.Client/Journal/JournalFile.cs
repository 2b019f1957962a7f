#if NET
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace MidJourney.Journal;

/// <summary>The file of a journal. Lines are appended under a lock, so that lines of several writers never mix; reading needs no lock.</summary>
internal class JournalFile
{
    private const FileShare ShareAll = FileShare.ReadWrite | FileShare.Delete;

    /// <summary>Longer than any line that can be sent. A file without line breaks would otherwise fill the memory.</summary>
    private const int MaxLineBytes = 512 * 1024 * 1024;

    private const int BlockBytes = 1024 * 1024, MaxHeaderBytes = 512, TailBytes = 64;
#if NET
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#endif

    private readonly JournalLock _lock;
    private bool _isModeChecked;

    public JournalFile(string path)
    {
        (Path, RealPath) = (path, RealPathOf(path));
        _lock = new JournalLock(LockPath, OpenLock);
    }

    /// <summary>The full path as it was specified.</summary>
    public string Path { get; }

    /// <summary>The path without symbolic links: two spellings of one file must not have two locks.</summary>
    public string RealPath { get; }

    /// <summary>Why the mode of a file that others can read could not be changed; null if there is no problem.</summary>
    public string? ModeProblem { get; private set; }

    /// <summary>The length in bytes; 0 if the file does not exist.</summary>
    public long Length => File.Exists(RealPath) ? new FileInfo(RealPath).Length : 0;

    private string LockPath => RealPath + ".lock";

    private string ReplacementPath => RealPath + ".new";

    private static string RealPathOf(string path)
    {
#if NET
        try
        {
            var real = System.IO.Path.GetPathRoot(path) ?? "";
            foreach (var name in path.Substring(real.Length).Split(System.IO.Path.DirectorySeparatorChar, System.IO.Path.AltDirectorySeparatorChar))
            {
                if (name.Length == 0) continue;
                real = System.IO.Path.Combine(real, name);
                // The target may itself be behind other links.
                if (new FileInfo(real).ResolveLinkTarget(returnFinalTarget: true) is { } target) real = RealPathOf(target.FullName);
            }
            return real;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A link to nothing, or to itself: opening the file reports it.
        }
#endif
        return path;
    }

    /// <summary>How every line of a journal starts.</summary>
    public static ReadOnlySpan<byte> LineStart => "{\"v\":"u8;

    /// <summary>Checks, without waiting, that the path can be a journal.</summary>
    /// <exception cref="IOException">It is a folder, a pipe or a device.</exception>
    public void Check()
    {
        RegularFile.Check(RealPath);
        RegularFile.Check(LockPath);
        if (StartsLikeJournal()) RestrictMode();
    }

    /// <summary>Whether the file starts as every journal does. If not, only reading it shows whether it is one.</summary>
    private bool StartsLikeJournal()
    {
        try
        {
            using var file = new FileStream(RealPath, FileMode.Open, FileAccess.Read, ShareAll, 1);
            var start = new byte[LineStart.Length];
            return Fill(file, start, 0) == start.Length && start.AsSpan().SequenceEqual(LineStart);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            return false;
        }
    }

    /// <inheritdoc cref="JournalLock.TakeAsync"/>
    public Task<IDisposable> LockAsync() => _lock.TakeAsync();

    private FileStream OpenLock()
    {
        try { return Open(LockPath, FileAccess.ReadWrite, FileShare.None); }
        catch (DirectoryNotFoundException) when (MakeFolder()) { return Open(LockPath, FileAccess.ReadWrite, FileShare.None); }
    }

    /// <summary>Checks, without waiting for other writers, that the file and its lock can be written.</summary>
    /// <exception cref="IOException">One of them cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public void CheckWritable()
    {
        OpenToAppend().Dispose();
        try { Open(LockPath, FileAccess.ReadWrite, FileShare.None).Dispose(); }
        catch (IOException e) when (JournalLock.IsHeld(e))
        {
            // The process that holds it was able to write.
        }
    }

    /// <summary><see cref="CheckWritable"/> for a journal that may not exist yet: it is not created, but its folder and its lock are. Checks its mode again.</summary>
    public void CheckUsable()
    {
        (_isModeChecked, ModeProblem) = (false, null);
        RestrictMode();
        if (File.Exists(RealPath)) CheckWritable();
        else
        {
            RegularFile.Check(RealPath);
            try { OpenLock().Dispose(); }
            catch (IOException e) when (JournalLock.IsHeld(e))
            {
                // The process that holds it was able to write.
            }
        }
    }

    /// <summary>Opens the file to append to it; only under the lock.</summary>
    public FileStream OpenToAppend() => Open(RealPath, FileAccess.ReadWrite, ShareAll);

    /// <returns>The file; null if it does not exist.</returns>
    public FileStream? OpenToRead()
    {
        RegularFile.Check(RealPath);
        try { return new FileStream(RealPath, FileMode.Open, FileAccess.Read, ShareAll, 1); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    /// <summary>The first line, which distinguishes this file from another one at the same path; empty while the line is incomplete.</summary>
    public static byte[] IdentityOf(Stream file)
    {
        file.Seek(0, SeekOrigin.Begin);
        var start = new byte[MaxHeaderBytes];
        var count = Fill(file, start, 0);
        var end = Array.IndexOf(start, (byte)'\n', 0, count);
        // The beginning of a long first line is enough.
        return end < 0 && count < start.Length ? [] : end < 0 ? start : start.AsSpan(0, end).ToArray();
    }

    /// <summary>The bytes before a position. They distinguish a file that only grew from one that was restored to an older state, and then grew.</summary>
    public static byte[] TailOf(Stream file, long end, int length = TailBytes)
    {
        var text = new byte[Math.Min(end, length)];
        file.Seek(end - text.Length, SeekOrigin.Begin);
        Fill(file, text, 0);
        return text;
    }

    /// <summary>The same for text that was just written.</summary>
    public static byte[] TailOf(ReadOnlySpan<byte> text) => text.Slice(Math.Max(0, text.Length - TailBytes)).ToArray();

    /// <summary>Reads whole lines, with their positions. A last line without a line break counts if it is complete; otherwise the rest may still come.</summary>
    /// <returns>The end of the lines that were read.</returns>
    public static long ReadLines(Stream file, long from, Action<ReadOnlyMemory<byte>, long> add)
    {
        file.Seek(from, SeekOrigin.Begin);
        var block = new byte[BlockBytes];
        var (held, at) = (0, from);
        while (Fill(file, block, held) is var filled && filled > held)
        {
            var start = 0;
            for (int end; (end = Array.IndexOf(block, (byte)'\n', Math.Max(start, held), filled - Math.Max(start, held))) >= 0; start = end + 1)
                add(block.AsMemory(start, end - start), at + start);
            at += start;
            held = filled - start;
            if (start > 0) Buffer.BlockCopy(block, start, block, 0, held);
            else if (held == block.Length) Array.Resize(ref block, block.Length < MaxLineBytes ? block.Length * 2 : throw new IOException(ClientMessages.NotAJournal()));
        }
        if (held == 0 || !JournalLine.TryParse(block.AsSpan(0, held), out _)) return at;
        add(block.AsMemory(0, held), at);
        return at + held;
    }

    /// <summary>The line at a position, without its line break.</summary>
    public static byte[] ReadLine(Stream file, long at)
    {
        file.Seek(at, SeekOrigin.Begin);
        var text = new byte[1024];
        for (var count = 0; ;)
        {
            var filled = Fill(file, text, count);
            var end = Array.IndexOf(text, (byte)'\n', count, filled - count);
            if (end >= 0 || filled == count || filled < text.Length) return text.AsSpan(0, end >= 0 ? end : filled).ToArray();
            count = filled;
            Array.Resize(ref text, text.Length * 4);
        }
    }

    /// <summary>Opens the file that will replace this one; only under the lock, and only in one process at a time.</summary>
    /// <exception cref="IOException">Another process has it open, or it cannot be written.</exception>
    public FileStream OpenReplacement()
    {
        var replacement = Open(ReplacementPath, FileAccess.Write, FileShare.None);
        replacement.SetLength(0);
        return replacement;
    }

    /// <summary>Replaces the file atomically; only under the lock.</summary>
    public void ReplaceBy(FileStream replacement)
    {
        replacement.Dispose();
        try { File.Replace(ReplacementPath, RealPath, destinationBackupFileName: null); }
        catch
        {
            File.Delete(ReplacementPath);
            throw;
        }
        FlushFolder();
    }

    /// <summary>Deletes an unfinished replacement, which would only take up space on a full disk.</summary>
    public void Discard(FileStream replacement)
    {
        // Deleted while it is open, so that no other process can have opened it. Windows cannot do that, but does not delete a file that another process has open either.
        try
        {
            if (System.IO.Path.DirectorySeparatorChar == '\\') replacement.Dispose();
            File.Delete(ReplacementPath);
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // The next compaction overwrites it.
        }
        finally { replacement.Dispose(); }
    }

    /// <summary>Flushes the folder entry of the file to the device, which flushing the file need not do.</summary>
    public void FlushFolder() => FlushFolder(System.IO.Path.GetDirectoryName(RealPath)!);

    private static void FlushFolder(string folder)
    {
#if NET
        if (OperatingSystem.IsWindows() || SystemOpen(Encoding.UTF8.GetBytes(folder + '\0'), 0, 0) is not (>= 0 and var opened)) return;
        _ = SystemFlush(opened);
        _ = SystemClose(opened);
#endif
    }

#if NET
    // The functions that .NET itself uses, but offers only for files.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemOpen(byte[] path, int flags, int mode);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_FSync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SystemFlush(nint descriptor);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SystemClose(nint descriptor);
#endif

    /// <summary>
    /// A journal that was copied, or created by another program, may be readable by others, but prompts are private. Only for a file that is known to be a
    /// journal: the path may lead to somebody's other file by mistake.
    /// </summary>
    public void RestrictMode()
    {
        if (_isModeChecked) return;
        _isModeChecked = true;
#if NET
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in new[] { RealPath, LockPath, ReplacementPath })
        {
            try
            {
                var mode = File.Exists(file) ? File.GetUnixFileMode(file) : UnixFileMode.None;
                if ((mode & ~OwnerOnly) != 0) File.SetUnixFileMode(file, mode & OwnerOnly);
            }
            catch (Exception e) when (FileErrors.Is(e))
            {
                // A link may lead to a file that does not exist yet.
                if (file == RealPath && e is not (FileNotFoundException or DirectoryNotFoundException)) ModeProblem = e.Message;
            }
        }
#endif
    }

    /// <summary>Opens or creates a file that only its owner can read.</summary>
    private protected virtual FileStream Open(string path, FileAccess access, FileShare share)
    {
        RegularFile.Check(path);
#if NET
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
#else
        return new FileStream(path, FileMode.OpenOrCreate, access, share, 1);
#endif
    }

    /// <returns>Whether the folder exists: another process may have just created it.</returns>
    private bool MakeFolder()
    {
        var folder = System.IO.Path.GetDirectoryName(RealPath);
        if (string.IsNullOrEmpty(folder)) return false;
        if (Directory.Exists(folder)) return true;
#if NET
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        else
#endif
        Directory.CreateDirectory(folder);
        return true;
    }

    private static int Fill(Stream file, byte[] text, int from)
    {
        while (from < text.Length && file.Read(text, from, text.Length - from) is > 0 and var read) from += read;
        return from;
    }
}
