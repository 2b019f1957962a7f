using System.Diagnostics;

namespace MidJourney.Tests;

/// <summary>The repository's shell in a process of its own, which can be killed.</summary>
internal static class ShellProcess
{
    private static readonly string Shell = Path.Combine(Repository.Root, "tests", "Shell", "bin", Configuration, "net10.0", "Shell.dll");

    /// <summary>As these tests were built, so was the shell.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Runs text with the module imported and a session that leads to the gateway.</summary>
    public static Process Start(string text, Uri baseUri, string journal, string sessionParameters = "")
    {
        var script = TestFolder.NewFile(".ps1");
        File.WriteAllText(script, $"""
            Import-Module '{Repository.Manifest}'
            $null = New-MJSession -BaseUri {baseUri} -JournalPath '{journal}' {sessionParameters}
            {text}
            """);
        var start = new ProcessStartInfo("dotnet", [Shell, script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MIDJOURNEY_API_KEY"] = TestKey.Value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
