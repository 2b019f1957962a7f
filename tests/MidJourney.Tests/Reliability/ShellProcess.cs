using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace MidJourney.Tests;

/// <summary>PowerShell in a process of its own: what it shows is what a user sees, and it can be killed.</summary>
internal static class ShellProcess
{
    private static readonly string Pwsh =
        typeof(ShellProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Pwsh").Value!;

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
        return await ShownAsync(process);
    }

    /// <summary>Runs text to its end where the machine's policy is to write transcripts into a folder.</summary>
    public static async Task<string> RunTranscribedAsync(string folder, string text, Uri baseUri, string journal)
    {
        var settings = Directory.CreateDirectory(TestFolder.NewFile("")).FullName;
        Directory.CreateDirectory(Path.Combine(settings, "powershell"));
        await File.WriteAllTextAsync(Path.Combine(settings, "powershell", "powershell.config.json"),
            JsonSerializer.Serialize(new { PowerShellPolicies = new { Transcription = new { EnableTranscripting = true, EnableInvocationHeader = true, OutputDirectory = folder } } }));
        using var process = Begin(text, baseUri, journal, "", new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = settings });
        return await ShownAsync(process);
    }

    /// <summary>Runs text to its end in a process that can write no file longer than so many kibibytes: then the kernel refuses as a full disk does.</summary>
    public static async Task<string> RunLimitedAsync(int kibibytes, string text, Uri baseUri, string journal, string sessionParameters = "")
    {
        // The runtime itself maps a file of gigabytes unless it is told not to.
        var environment = new Dictionary<string, string?> { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_EnableDiagnostics"] = "0" };
        string[] limit = ["bash", "-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", $"{kibibytes}"];
        using var process = Begin(text, baseUri, journal, sessionParameters, environment, limit);
        return await ShownAsync(process);
    }

    private static async Task<string> ShownAsync(Process process)
    {
        var shown = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return string.Concat(shown);
    }

    /// <summary>Runs a script file to its end; it starts the emulator itself.</summary>
    public static async Task<(int ExitCode, string Shown)> RunFileAsync(string script)
    {
        using var process = Begin([], script);
        var shown = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(shown));
    }

    private static Process Begin(string text, Uri baseUri, string journal, string sessionParameters, Dictionary<string, string?>? environment = null, string[]? starter = null)
    {
        var script = TestFolder.NewFile(".ps1");
        File.WriteAllText(script, $"""
            Import-Module '{Repository.Manifest}'
            $null = New-MJSession -BaseUri {baseUri} -JournalPath '{journal}' {sessionParameters}
            {text}
            """);
        return Begin(starter ?? [], script, new Dictionary<string, string?>(environment ?? []) { ["MIDJOURNEY_API_KEY"] = TestKey.Value });
    }

    private static Process Begin(string[] starter, string script, Dictionary<string, string?>? environment = null)
    {
        string[] command = [.. starter, "dotnet", Pwsh, "-NoProfile", "-NonInteractive", "-File", script];
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // The size and the colours of a screen come from the terminal that TERM names, and not from whoever runs the tests.
        start.Environment["TERM"] = "xterm";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
