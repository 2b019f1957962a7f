using System.Runtime.InteropServices;

namespace MidJourney.Shell;

/// <summary>The first Ctrl+C (or SIGTERM) asks the pipeline to stop; the second one ends the process.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, 130)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, 143)),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code a shell reports for the signal that came; 1 before any came.</summary>
    public int ExitCode { get; private set; } = 1;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context, int exitCode)
    {
        if (_source.IsCancellationRequested)
            return;

        context.Cancel = true;
        ExitCode = exitCode;
        _source.Cancel();
    }
}
