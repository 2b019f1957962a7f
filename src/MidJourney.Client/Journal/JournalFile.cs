#if NET
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace MidJourney.Journal;

/// <summary>
/// The journal's file. Everything is appended under a lock that other processes respect, so lines of several writers never
/// mix; reading needs no lock.
/// </summary>
internal class JournalFile
{
    private const FileShare Everybody = FileShare.ReadWrite | FileShare.Delete;
    /// <summary>Nothing that long can be sent; a file without lines would take all memory.</summary>
    private const int LongestLine = 512 * 1024 * 1024;

    private const int BlockBytes = 1024 * 1024, LongestHeader = 512, EndLength = 64;
#if NET
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#endif

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LittlePatience = TimeSpan.FromMilliseconds(100);

    private readonly string _real;
    private TimeSpan _patience = Patience;
#if NET
    private bool _isModeSeen;
#endif

    public JournalFile(string path) => (Path, _real) = (path, RealPathOf(path));

    /// <summary>Its full path, as it was given.</summary>
    public string Path { get; }

    /// <summary>The path of the file itself, whatever links lead to it.</summary>
    public string RealPath => _real;

    /// <summary>Why others can read it, which could not be changed; null where they cannot.</summary>
    public string? ModeProblem { get; private set; }

    /// <summary>A file by its own path: two spellings of it, or a link to it, must not have two locks.</summary>
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
                // What is linked to may lie behind other links.
                if (new FileInfo(real).ResolveLinkTarget(returnFinalTarget: true) is { } target) real = RealPathOf(target.FullName);
            }
            return real;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A link that leads nowhere, or in circles: opening it will say so.
        }
#endif
        return path;
    }

    /// <summary>Checks, without waiting, that the path can be a journal's.</summary>
    /// <exception cref="IOException">Something else is there: a folder, a pipe, a device.</exception>
    public void Check()
    {
        RegularFile.Check(_real);
        RegularFile.Check(_real + ".lock");
        Narrow();
    }

    /// <summary>Waits until no other writer is at it, in this process or another.</summary>
    /// <exception cref="IOException">Another writer has held it for too long, or it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task<IDisposable> LockAsync()
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        var hasFolder = false;
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            try
            {
                var held = Open(_real + ".lock", FileAccess.ReadWrite, FileShare.None);
                _patience = Patience;
                return held;
            }
            catch (DirectoryNotFoundException) when (!hasFolder && (hasFolder = MakeFolder()))
            {
            }
            catch (IOException e) when (IsTaken(e) && waited.Elapsed < _patience)
            {
            }
            catch (IOException e) when (IsTaken(e))
            {
                // A process that holds it for so long may hold it for ever.
                _patience = LittlePatience;
                throw new IOException(ClientMessages.JournalLocked(_real + ".lock"), e);
            }
            await Task.Delay(pause).ConfigureAwait(false);
        }
    }

    /// <summary>Opens what is written to, without waiting for others.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void CheckWritable()
    {
        OpenToAppend().Dispose();
        try { Open(_real + ".lock", FileAccess.ReadWrite, FileShare.None).Dispose(); }
        catch (IOException e) when (IsTaken(e))
        {
            // The process that holds it could write.
        }
    }

    /// <summary>Opens it to append to; only under the lock.</summary>
    public FileStream OpenToAppend() => Open(_real, FileAccess.ReadWrite, Everybody);

    /// <summary>Opens it to read.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="DirectoryNotFoundException">There is not even its folder.</exception>
    public FileStream OpenToRead()
    {
        // Opening a pipe would wait for somebody to write to it, and a device never ends.
        RegularFile.Check(_real);
        Narrow();
        return new FileStream(_real, FileMode.Open, FileAccess.Read, Everybody, 1);
    }

    /// <summary>How long it is; 0 where there is none.</summary>
    public long Length => File.Exists(_real) ? new FileInfo(_real).Length : 0;

    /// <summary>What tells this file from the one that stood here before: its first line, which names it.</summary>
    public static byte[] IdentityOf(Stream file)
    {
        file.Seek(0, SeekOrigin.Begin);
        var start = new byte[LongestHeader];
        var count = Fill(file, start, 0);
        var end = Array.IndexOf(start, (byte)'\n', 0, count);
        // Of a first line that is not whole yet, nothing can be said; of a long one, its beginning will do.
        return end < 0 && count < start.Length ? [] : end < 0 ? start : start.AsSpan(0, end).ToArray();
    }

    /// <summary>What stands before a place: with it, a file that was put back to an older state and has grown again is told from one that has only grown.</summary>
    public static byte[] EndOf(Stream file, long end, int length = EndLength)
    {
        var text = new byte[Math.Min(end, length)];
        file.Seek(end - text.Length, SeekOrigin.Begin);
        Fill(file, text, 0);
        return text;
    }

    /// <summary>The same of a text that was just written.</summary>
    public static byte[] EndOf(ReadOnlySpan<byte> text) => text.Slice(Math.Max(0, text.Length - EndLength)).ToArray();

    /// <summary>Hands over whole lines, with where they stand. A last line without its end is one if it says all that a line says; otherwise its end may follow.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="add">Takes the lines.</param>
    /// <returns>Where the lines end that were taken.</returns>
    [System.Runtime.CompilerServices.MethodImpl(Hot.Path)]
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
            else if (held == block.Length) Array.Resize(ref block, block.Length < LongestLine ? block.Length * 2 : throw new IOException(ClientMessages.NotAJournal()));
        }
        if (held == 0 || !JournalLine.TryParse(block.AsSpan(0, held), out _)) return at;
        add(block.AsMemory(0, held), at);
        return at + held;
    }

    /// <summary>The line that stands somewhere, without its end.</summary>
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

    /// <summary>Opens what is to take its place; only under the lock. Only one process can have it open.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be written.</exception>
    public FileStream OpenNext()
    {
        var next = Open(_real + ".new", FileAccess.Write, FileShare.None);
        next.SetLength(0);
        return next;
    }

    /// <summary>Puts it in the place of the file, all at once; only under the lock.</summary>
    /// <param name="next">What <see cref="OpenNext"/> gave, written and flushed.</param>
    public void PutInPlace(FileStream next)
    {
        next.Dispose();
        try { File.Replace(_real + ".new", _real, destinationBackupFileName: null); }
        catch
        {
            File.Delete(_real + ".new");
            throw;
        }
        FlushFolder();
    }

    /// <summary>Half a copy takes what room there is on a full disk.</summary>
    public void Drop(FileStream next)
    {
        // Only while nobody else can have opened it; Windows deletes no open file, and there no file that another has opened either.
        var isWindows = System.IO.Path.DirectorySeparatorChar == '\\';
        try
        {
            if (isWindows) next.Dispose();
            File.Delete(_real + ".new");
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            // The next compaction begins again.
        }
        finally { next.Dispose(); }
    }

    /// <summary>Has the device keep that the file is there, which flushing the file itself need not do.</summary>
    public void FlushFolder() => FlushFolder(System.IO.Path.GetDirectoryName(_real)!);

    private static void FlushFolder(string folder)
    {
#if NET
        if (OperatingSystem.IsWindows() || SystemOpen(Encoding.UTF8.GetBytes(folder + '\0'), 0, 0) is not (>= 0 and var opened)) return;
        _ = SystemFlush(opened);
        _ = SystemClose(opened);
#endif
    }

#if NET
    // What .NET itself uses, and offers for files alone.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemOpen(byte[] path, int flags, int mode);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_FSync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SystemFlush(nint descriptor);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SystemClose(nint descriptor);

    /// <summary>A journal that was copied, or made by something else, may be open to everybody; prompts are nobody else's business.</summary>
    private void Narrow()
    {
        if (_isModeSeen || OperatingSystem.IsWindows()) return;
        _isModeSeen = true;
        foreach (var file in new[] { _real, _real + ".lock", _real + ".new" })
        {
            try
            {
                var mode = File.Exists(file) ? File.GetUnixFileMode(file) : UnixFileMode.None;
                if ((mode & ~Owner) != 0) File.SetUnixFileMode(file, mode & Owner);
            }
            catch (Exception e) when (FileErrors.Is(e))
            {
                // A link may lead to a file that is not made yet.
                if (file == _real && e is not (FileNotFoundException or DirectoryNotFoundException)) ModeProblem = e.Message;
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

    /// <returns>Whether it is there: another process may have made it just now.</returns>
    private bool MakeFolder()
    {
        var folder = System.IO.Path.GetDirectoryName(_real);
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

    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows; EAGAIN of Linux and of macOS.
    private static bool IsTaken(IOException e) => e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;
}

/// <summary>
/// Tells a file from what only looks like one. Opening a pipe waits for its other end, and reading a device may never end,
/// so it must be known before.
/// </summary>
internal static class RegularFile
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <exception cref="IOException">Something is there that is not a regular file.</exception>
    public static void Check(string path)
    {
        if (Path.DirectorySeparatorChar == '\\' ? IsDevice(path) || Directory.Exists(path) : Directory.Exists(path) || IsSpecial(path))
            throw new IOException(ClientMessages.NotARegularFile(path));
    }

    /// <summary>Whether Windows takes a path for a device.</summary>
    internal static bool IsDevice(string path)
    {
        if (path.StartsWith(@"\\.\", StringComparison.Ordinal)) return true;
        var name = path.Substring(path.LastIndexOfAny(['\\', '/']) + 1).Split('.')[0].TrimEnd(' ', ':');
        return Devices.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (name.Length == 4 && (name.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || name.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)) && name[3] is >= '1' and <= '9');
    }

    /// <summary>Whether something is there that is neither a file nor a folder; symbolic links are followed.</summary>
    private static bool IsSpecial(string path)
    {
#if NET
        try
        {
            var status = new byte[StatBytes];
            if (Stat(Encoding.UTF8.GetBytes(path + '\0'), status) != 0) return false;
            return (BitConverter.ToInt32(status, ModeOffset) & TypeMask) != Regular;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Without the runtime's own function, by where such files are.
        }
#endif
        return path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }

#if NET
    /// <summary>More than the runtime's own structure takes; the mode is after its flags, in every version so far.</summary>
    private const int StatBytes = 1024, ModeOffset = 4;
    private const int TypeMask = 0xF000, Regular = 0x8000;

    // What .NET itself asks for a file's mode; the functions of the C library differ from system to system.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, byte[] status);
#endif
}

/// <summary>Where the journal is unless told otherwise: the user's folder for what programs remember on this machine.</summary>
internal static class JournalLocation
{
    private const string FileName = "journal.jsonl";

    /// <summary>
    /// <c>%LOCALAPPDATA%\MidJourney</c> on Windows, <c>~/Library/Application Support/MidJourney</c> on macOS, else
    /// <c>$XDG_STATE_HOME/midjourney</c> or <c>~/.local/state/midjourney</c>; null for a user without a home.
    /// </summary>
    public static string? Default => Folder() is { } folder ? Path.Combine(folder, FileName) : null;

    private static string? Folder()
    {
        if (Path.DirectorySeparatorChar == '\\') return Below(Special(Environment.SpecialFolder.LocalApplicationData), "MidJourney");
        var home = Special(Environment.SpecialFolder.UserProfile);
#if NET
        if (OperatingSystem.IsMacOS()) return Below(home, "Library", "Application Support", "MidJourney");
#endif
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return !string.IsNullOrEmpty(state) && Path.IsPathRooted(state) ? Below(state!, "midjourney") : Below(home, ".local", "state", "midjourney");
    }

    private static string Special(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);

    private static string? Below(string folder, params string[] names) => folder.Length == 0 ? null : Path.Combine([folder, .. names]);
}
