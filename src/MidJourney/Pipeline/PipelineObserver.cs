namespace MidJourney;

/// <summary>Brings what happens on the wire to the verbose, debug and warning streams of a cmdlet.</summary>
internal sealed class PipelineObserver(PumpedCmdlet cmdlet, bool isVerbose, bool isDebug) : IGatewayObserver
{
    public bool WantsRequests => isVerbose;

    public bool WantsDetails => isDebug;

    public void Note(string line)
    {
        if (isVerbose) cmdlet.TrySend(() => cmdlet.WriteVerbose(line));
    }

    public void Detail(string line) => cmdlet.TrySend(() => cmdlet.WriteDebug(line));

    // A warning is worth waiting for, but not for the work that gives it to wait.
    public void Warn(string line) => _ = cmdlet.SendAsync(() => cmdlet.WriteWarning(line)).AsTask();
}
