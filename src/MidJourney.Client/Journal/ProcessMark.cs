using System.Diagnostics;
using System.Globalization;

namespace MidJourney.Journal;

/// <summary>Names a process so that another one can tell whether it still lives: its id alone may belong to a later process.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="Start">When it started, in the system's own terms; empty when the system does not tell.</param>
/// <param name="Host">The machine.</param>
internal sealed record ProcessMark(int Pid, string Start, string Host)
{
    private static string? _space;

    /// <summary>This process.</summary>
    public static ProcessMark Current { get; } = OfThisProcess();

    /// <summary>Whether the process certainly has ended; null where that cannot be told from here, because it is of another machine or container.</summary>
    public bool? HasEnded()
    {
        if (Equals(Current)) return false;
        if (!string.Equals(Host, Current.Host, StringComparison.OrdinalIgnoreCase)) return null;
        // Containers may share the name of their machine, and do not see one another's processes.
        if (IsOfOtherSpace()) return null;
        var start = StartOf(Pid);
        // Of another user's process the system may not tell more than that there is one.
        return start is { Length: 0 } ? null : start != Start;
    }

    /// <summary>Whether it runs since the same start of the machine, where process ids mean something else.</summary>
    private bool IsOfOtherSpace() => SpaceOf(Start) is [var boot, var space] && SpaceOf(Current.Start) is [var here, var own] && boot == here && space != own;

    private static string[] SpaceOf(string start) => start.Substring(start.IndexOf('@') + 1).Split('.');

    private static ProcessMark OfThisProcess()
    {
#if NET
        var pid = Environment.ProcessId;
#else
        using var process = Process.GetCurrentProcess();
        var pid = process.Id;
#endif
        return new(pid, StartOf(pid) ?? "", Environment.MachineName);
    }

    /// <returns>When a living process started; null when there is none.</returns>
    private static string? StartOf(int pid) => Path.DirectorySeparatorChar == '/' && Directory.Exists("/proc/self") ? StartByProc(pid) : StartBySystem(pid);

    /// <summary>Clock ticks since the machine was started: exact, whatever is done to the clock. A process that only waits to be buried has ended.</summary>
    private static string? StartByProc(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Format(CultureInfo.InvariantCulture, "/proc/{0}/stat", pid));
            // The name in parentheses may hold anything.
            var fields = stat.Substring(stat.LastIndexOf(')') + 2).Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19] + "@" + Space;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Where process ids mean the same: one start of the machine, and one container of it.</summary>
    private static string Space => _space ??= BootId() + (PidSpace() is { Length: > 0 } space ? "." + space : "");

    private static string PidSpace()
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
            // It lives, and belongs to another user.
            return "";
        }
    }
}
