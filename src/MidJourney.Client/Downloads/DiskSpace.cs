using System.Runtime.InteropServices;

namespace MidJourney.Downloads;

/// <summary>The free space of volumes.</summary>
internal static class DiskSpace
{
    /// <returns>How many bytes this user may write to a folder's volume; null if unknown.</returns>
    public static long? FreeFor(string folder)
    {
        try
        {
            // A drive letter says too little: the folder may be on a share, or on another volume that is mounted there.
            if (Path.DirectorySeparatorChar == '\\') return GetDiskFreeSpaceEx(folder + "\\", out var free, out _, out _) ? (long)Math.Min(free, long.MaxValue) : null;
            var drive = new DriveInfo(folder);
            // A file system without a size, as programs provide them, does not know its free space either.
            return drive.TotalSize > 0 ? drive.AvailableFreeSpace : null;
        }
        catch (Exception e) when (FileErrors.Is(e) || e is ArgumentException or EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    [DllImport("kernel32", EntryPoint = "GetDiskFreeSpaceExW", CharSet = CharSet.Unicode, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetDiskFreeSpaceEx(string folder, out ulong freeToCaller, out ulong total, out ulong free);
}
