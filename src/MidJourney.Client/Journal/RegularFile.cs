#if NET
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace MidJourney;

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
            throw new IOException(Messages.NotARegularFile(path));
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
