using System.Management.Automation;
using MidJourney.Commands.Shared;

namespace MidJourney.Commands;

/// <summary>Waits until tasks have ended, and puts each out once, as it ends.</summary>
[Cmdlet(VerbsLifecycle.Wait, "MJTask", DefaultParameterSetName = ById)]
[OutputType(typeof(MJTask))]
public sealed class WaitMJTaskCommand : TaskInputCmdlet
{
    private TaskWait? _wait;

    private protected override bool IsAwaitedAt(MJSession session) => _wait?.IsAwaitedAt(session) == true;

    /// <summary>Seconds to wait for each task, from when its wait began; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; } = WaitDefaults.TimeoutSec;

    /// <summary>The least time between two reads of one task, in seconds; without it, the module decides.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double PollIntervalSec { get; set; } = WaitDefaults.PollIntervalSec;

    /// <summary>End with the first task that ends; the others go on at the gateway.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        TakeTasks();
        DrainReady();
    }

    private protected override void Take(MJTask task, MJSession session)
    {
        _wait ??= new TaskWait(this, TimeoutSec, PollIntervalSec) { Any = Any };
        _wait.Add(task, session);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _wait?.Finish();
}
