using System.Diagnostics;
using System.Globalization;

namespace MidJourney.Journal;

/// <summary>Identifies a process, so that another one can tell whether it still runs. A process id alone is not enough, because it is reused.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="Start">When it started, in the format of the system; empty if the system does not say.</param>
/// <param name="Host">The machine.</param>
internal sealed record ProcessIdentity(int Pid, string Start, string Host)
{
    private static string? _pidNamespace;

    public static ProcessIdentity Current { get; } = OfThisProcess();

    /// <summary>Whether the process has exited; null if that cannot be determined, as for a process of another machine or container.</summary>
    public bool? HasExited()
    {
        if (Equals(Current)) return false;
        if (!string.Equals(Host, Current.Host, StringComparison.OrdinalIgnoreCase)) return null;
        // Containers can have the name of their machine, and do not see each other's processes.
        if (IsInOtherPidNamespace()) return null;
        var start = StartOf(Pid);
        // For another user's process, the system may reveal only that it exists.
        return start is { Length: 0 } ? null : start != Start;
    }

    private bool IsInOtherPidNamespace() =>
        NamespaceOf(Start) is [var boot, var space] && NamespaceOf(Current.Start) is [var currentBoot, var currentSpace] && boot == currentBoot && space != currentSpace;

    private static string[] NamespaceOf(string start) => start.Substring(start.IndexOf('@') + 1).Split('.');

    private static ProcessIdentity OfThisProcess()
    {
#if NET
        var pid = Environment.ProcessId;
#else
        using var process = Process.GetCurrentProcess();
        var pid = process.Id;
#endif
        return new(pid, StartOf(pid) ?? "", Environment.MachineName);
    }

    /// <returns>When a running process started; null if there is no such process.</returns>
    private static string? StartOf(int pid) => Path.DirectorySeparatorChar == '/' && Directory.Exists("/proc/self") ? StartByProc(pid) : StartBySystem(pid);

    /// <summary>Clock ticks since the machine was booted: exact, even if the clock is set. A zombie has exited.</summary>
    private static string? StartByProc(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Format(CultureInfo.InvariantCulture, "/proc/{0}/stat", pid));
            // The name in parentheses can contain any character.
            var fields = stat.Substring(stat.LastIndexOf(')') + 2).Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19] + "@" + PidNamespace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Within which a process id is unique: a boot of the machine and, in it, a container.</summary>
    private static string PidNamespace => _pidNamespace ??= BootId() + (NamespaceId() is { Length: > 0 } id ? "." + id : "");

    private static string NamespaceId()
    {
#if NET
        try { return new string([.. (new FileInfo("/proc/self/ns/pid").LinkTarget ?? "").Where(char.IsAsciiDigit)]); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; }
#else
        return "";
#endif
    }

    private static string BootId()
    {
        try { return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim().Substring(0, 8); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException) { return ""; }
    }

    private static string? StartBySystem(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It runs, and belongs to another user.
            return "";
        }
    }
}
