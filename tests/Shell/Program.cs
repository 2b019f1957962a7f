using System.Globalization;
using System.Text;

namespace MidJourney.Shell;

/// <summary>Runs a PowerShell script or command in this process, for machines where no pwsh is installed.</summary>
internal static class Program
{
    private const int UsageError = 64;

    private const string Usage = """
        Runs a PowerShell script or command with the PowerShell engine alone, where no pwsh is installed.

            dotnet run --project tests/Shell -- script.ps1 [argument | -Name value | -Switch | -Name:value]...
            dotnet run --project tests/Shell -- -Command "Get-Command -Module MidJourney"

        The engine's own commands are there (Import-Module, ForEach-Object, Where-Object, Get-Command, Get-Help, ...);
        those of the modules that ship with pwsh (Select-Object, Format-Table, Get-Content, Write-Host, ...) are not.
        The exit code is the script's.
        """;

    private static int Main(string[] args)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en-US");

        if (args.Length == 0 || args[0] is "-?" or "-h" or "-Help" or "--help")
        {
            Console.WriteLine(Usage);
            return 0;
        }

        using var stop = new StopSignal();
        using var session = new ScriptSession(stop);
        if (IsOption(args[0], "-Command", "-c"))
            return args.Length > 1 ? session.RunCommand(string.Join(' ', args[1..])) : Fail("-Command needs a command.");

        string[] rest = IsOption(args[0], "-File", "-f") ? args[1..] : args;
        if (rest.Length == 0)
            return Fail("-File needs a script.");

        string path = Path.GetFullPath(rest[0]);
        return File.Exists(path) && path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
            ? session.RunScript(path, ScriptArguments.Parse(rest.AsSpan(1)))
            : Fail($"'{rest[0]}' is not a script: there has to be a .ps1 file at {path}.");
    }

    private static bool IsOption(string argument, string name, string shortName) =>
        argument.Equals(name, StringComparison.OrdinalIgnoreCase) || argument.Equals(shortName, StringComparison.OrdinalIgnoreCase);

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message + " Usage: -?");
        return UsageError;
    }
}
