using System.Diagnostics;

namespace MidJourney.Bench.Processes;

/// <summary>Runs a script of the bench in PowerShell, in a process of its own.</summary>
internal static class ShellScript
{
    /// <summary>Each run writes a journal of its own, as a user's first run would.</summary>
    private static readonly string JournalFolder = MakeFolder();

    /// <summary>The script finds the module as its parameter, the gateway and the journal in its environment.</summary>
    public static Task<Run> RunAsync(Setup setup, string script, Uri? baseUri, string arguments = "", string? journal = null, CancellationToken stop = default)
    {
        var start = StartInfo(script, setup.Programs.Module, baseUri, arguments);
        if (journal is not null) start.Environment["MIDJOURNEY_JOURNAL_PATH"] = journal;
        return DotNet.RunAsync(start, stop);
    }

    public static ProcessStartInfo StartInfo(string script, string module, Uri? baseUri, string arguments)
    {
        var start = DotNet.StartInfo(Programs.Pwsh, ["-NoProfile", "-NonInteractive", "-File", Programs.Script(script), "-Module", module, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["MIDJOURNEY_API_KEY"] = EmulatorProcess.ApiKey;
        start.Environment["MIDJOURNEY_JOURNAL_PATH"] = NewJournal();
        if (baseUri is not null) start.Environment["MIDJOURNEY_BASE_URI"] = baseUri.AbsoluteUri;
        return start;
    }

    /// <summary>A path for a journal that is not there yet.</summary>
    public static string NewJournal() => Path.Combine(JournalFolder, Guid.NewGuid().ToString("N") + ".jsonl");

    private static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("midjourney-bench-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
