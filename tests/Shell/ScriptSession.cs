using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace MidJourney.Shell;

/// <summary>One runspace of the engine; runs a script or a command in it and says with which code to exit.</summary>
internal sealed class ScriptSession : IDisposable
{
    private readonly StopSignal _stop;
    private readonly ShellHost _host;
    private readonly Runspace _runspace;

    public ScriptSession(StopSignal stop)
    {
        _stop = stop;
        _host = new ShellHost(stop.Token);
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = ExecutionPolicy.Bypass;

        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
    }

    public int RunScript(string path, IEnumerable<CommandParameter> parameters)
    {
        // As pwsh -File: in the global scope, so that the script's functions and variables are the session's.
        var script = new Command(path, isScript: false, useLocalScope: false);
        foreach (CommandParameter parameter in parameters)
            script.Parameters.Add(parameter);

        using Pipeline pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(script);
        EngineExit.LeaveNextScriptBy(_runspace);
        return Run(pipeline) ?? 0;
    }

    public int RunCommand(string text)
    {
        // $? outlives only a pipeline that goes into the history.
        using Pipeline pipeline = _runspace.CreatePipeline(text, addToHistory: true);
        return Run(pipeline) ?? (LastCommandSucceeded() ? 0 : 1);
    }

    public void Dispose() => _runspace.Dispose();

    /// <summary>Runs to the end and shows everything; null if the pipeline itself did not settle the exit code.</summary>
    private int? Run(Pipeline pipeline)
    {
        using CancellationTokenRegistration stopping = _stop.Token.Register(pipeline.StopAsync);
        try
        {
            Show(pipeline);
        }
        catch (PipelineStoppedException)
        {
            return _stop.ExitCode;
        }
        catch (Exception exception) when (exception is IContainsErrorRecord)
        {
            Report(exception, ((IContainsErrorRecord)exception).ErrorRecord);
            return 1;
        }
        finally
        {
            _host.Screen.EndProgress();
        }

        return _stop.Token.IsCancellationRequested ? _stop.ExitCode : _host.RequestedExitCode;
    }

    private static void Show(Pipeline pipeline)
    {
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add("Out-Default");
        pipeline.Input.Close();
        pipeline.Invoke();
    }

    /// <summary>Formats what ended the run as pwsh would. To the engine this is plain output, so it is sent to standard error.</summary>
    private void Report(Exception exception, ErrorRecord record)
    {
        _host.Screen.WritesAllToError = true;
        using Pipeline pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add("Out-Default");
        pipeline.Input.Write(new ErrorRecord(record, exception));
        pipeline.Input.Close();
        try
        {
            pipeline.Invoke();
        }
        catch (RuntimeException)
        {
            Console.Error.WriteLine(exception.Message);
        }
    }

    private bool LastCommandSucceeded()
    {
        using Pipeline pipeline = _runspace.CreatePipeline("$global:?");
        return pipeline.Invoke() is [{ BaseObject: true }];
    }
}
