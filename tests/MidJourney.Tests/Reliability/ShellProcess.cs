using System.Diagnostics;

namespace MidJourney.Tests;

/// <summary>The repository's shell in a process of its own: what it shows is what a user sees, and it can be killed.</summary>
internal static class ShellProcess
{
    private static readonly string Shell = Repository.Built("Shell", "net10.0");

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

    /// <summary>Runs text to its end on a screen of so many columns, and gives what it showed; with colours if it is to take the screen for a terminal's.</summary>
    public static async Task<string> ShowAsync(string text, Uri baseUri, string journal, int columns, bool hasColors)
    {
        var environment = new Dictionary<string, string> { ["COLUMNS"] = $"{columns}", ["CLICOLOR_FORCE"] = hasColors ? "1" : "0" };
        using var process = Begin(text, baseUri, journal, "", environment);
        var shown = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return string.Concat(shown);
    }

    private static Process Begin(string text, Uri baseUri, string journal, string sessionParameters, Dictionary<string, string>? environment = null)
    {
        var script = TestFolder.NewFile(".ps1");
        File.WriteAllText(script, $"""
            Import-Module '{Repository.Manifest}'
            $null = New-MJSession -BaseUri {baseUri} -JournalPath '{journal}' {sessionParameters}
            {text}
            """);
        var start = new ProcessStartInfo("dotnet", [Shell, script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MIDJOURNEY_API_KEY"] = TestKey.Value;
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
