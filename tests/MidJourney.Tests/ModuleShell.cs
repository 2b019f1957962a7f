using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace MidJourney.Tests;

/// <summary>The real engine with the built module in it, driven by text as a user would type it.</summary>
internal sealed class ModuleShell : IDisposable
{
    private readonly Runspace _runspace;

    static ModuleShell()
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        foreach (var name in new[] { "MIDJOURNEY_API_KEY", "VTRIX_API_KEY", "MIDJOURNEY_BASE_URI" })
            Environment.SetEnvironmentVariable(name, null);
        Environment.SetEnvironmentVariable("MIDJOURNEY_JOURNAL_PATH", TestFolder.File("journal.jsonl"));
    }

    /// <param name="import">Whether the module is in it.</param>
    /// <param name="host">Its screen; null for none.</param>
    public ModuleShell(bool import = true, PSHost? host = null)
    {
        var state = InitialSessionState.CreateDefault2();
        _runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
        if (import) Run($"Import-Module '{Repository.Manifest}'").MustSucceed();
    }

    public Runspace Runspace => _runspace;

    /// <summary>A shell whose default session leads to the emulator.</summary>
    public static ModuleShell For(GatewayEmulator gateway, string sessionParameters = "", PSHost? host = null)
    {
        var shell = new ModuleShell(host: host);
        shell.Run($"$null = New-MJSession -ApiKey {TestKey.Value} -BaseUri {gateway.BaseUri} {sessionParameters}").MustSucceed();
        return shell;
    }

    /// <summary>Runs a script to its end or to its first terminating error.</summary>
    public ShellResult Run(string script, params (string Name, object? Value)[] variables)
    {
        using var pipeline = Prepare($"$thrown = $null; try {{\n{script}\n}} catch {{ $thrown = $_ }}", variables);
        var output = new List<PSObject>();
        pipeline.Invoke(null, output);
        return new ShellResult(output, [.. pipeline.Streams.Error], [.. pipeline.Streams.Verbose.Select(v => v.Message)], Thrown());
    }

    /// <summary>A pipeline that the test starts and stops itself.</summary>
    public PowerShell Prepare(string script, params (string Name, object? Value)[] variables)
    {
        foreach (var (name, value) in variables) _runspace.SessionStateProxy.SetVariable(name, value);
        var pipeline = PowerShell.Create();
        pipeline.Runspace = _runspace;
        pipeline.AddScript(script);
        return pipeline;
    }

    public void Dispose() => _runspace.Dispose();

    private ErrorRecord? Thrown() => _runspace.SessionStateProxy.GetVariable("thrown") switch
    {
        ErrorRecord record => record,
        PSObject { BaseObject: ErrorRecord record } => record,
        _ => null,
    };
}
