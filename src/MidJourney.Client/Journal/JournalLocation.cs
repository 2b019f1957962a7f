#if NET
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace MidJourney.Journal;

/// <summary>The default path of the journal, in the user's folder for the state of programs on this machine.</summary>
internal static class JournalLocation
{
    private const string FileName = "journal.jsonl";

    /// <summary>
    /// <c>%LOCALAPPDATA%\MidJourney</c> on Windows, <c>~/Library/Application Support/MidJourney</c> on macOS, else
    /// <c>$XDG_STATE_HOME/midjourney</c> or <c>~/.local/state/midjourney</c>; null for a user without a home folder.
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

/// <summary>Recognizes what is not a regular file, before it is opened: opening a pipe waits for its other end, and reading a device may never end.</summary>
internal static class RegularFile
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <exception cref="IOException">The path exists, and is not a regular file.</exception>
    public static void Check(string path)
    {
        if (Path.DirectorySeparatorChar == '\\' ? IsDevice(path) || Directory.Exists(path) : Directory.Exists(path) || IsSpecial(path))
            throw new IOException(ClientMessages.NotARegularFile(path));
    }

    /// <summary>Whether the path is a device on Windows.</summary>
    internal static bool IsDevice(string path)
    {
        if (path.StartsWith(@"\\.\", StringComparison.Ordinal)) return true;
        var name = path.Substring(path.LastIndexOfAny(['\\', '/']) + 1).Split('.')[0].TrimEnd(' ', ':');
        return Devices.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (name.Length == 4 && (name.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || name.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)) && name[3] is >= '1' and <= '9');
    }

    /// <summary>Whether the path exists, and is neither a regular file nor a folder. Symbolic links are followed.</summary>
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
            // A runtime without this function: devices are in /dev.
        }
#endif
        return path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }

#if NET
    /// <summary>Larger than the runtime's structure, in which the mode follows the flags in every version so far.</summary>
    private const int StatBytes = 1024, ModeOffset = 4;
    private const int TypeMask = 0xF000, Regular = 0x8000;

    // The function that .NET itself uses; those of the C library differ from system to system.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, byte[] status);
#endif
}
