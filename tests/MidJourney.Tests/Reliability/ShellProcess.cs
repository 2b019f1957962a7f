using System.Diagnostics;

namespace MidJourney.Tests;

/// <summary>The repository's shell in a process of its own: what it shows is what a user sees, and it can be killed.</summary>
internal static class ShellProcess
{
    private static readonly string Shell = Path.Combine(Repository.Root, "tests", "Shell", "bin", Configuration, "net10.0", "Shell.dll");

    /// <summary>As these tests were built, so was the shell.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Starts text with the module imported and a session that leads to the gateway; what it shows is thrown away.</summary>
    public static Process Start(string text, Uri baseUri, string journal, string sessionParameters = "")
    {
        var process = Begin(text, baseUri, journal, sessionParameters);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs text to its end, and gives what it showed.</summary>
    public static async Task<string> RunAsync(string text, Uri baseUri, string journal, string sessionParameters = "")
    {
        using var process = Begin(text, baseUri, journal, sessionParameters);
        var shown = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return string.Concat(shown);
    }

    private static Process Begin(string text, Uri baseUri, string journal, string sessionParameters)
    {
        var script = TestFolder.NewFile(".ps1");
        File.WriteAllText(script, $"""
            Import-Module '{Repository.Manifest}'
            $null = New-MJSession -BaseUri {baseUri} -JournalPath '{journal}' {sessionParameters}
            {text}
            """);
        var start = new ProcessStartInfo("dotnet", [Shell, script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MIDJOURNEY_API_KEY"] = TestKey.Value;
        return Process.Start(start)!;
    }
}
