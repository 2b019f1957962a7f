using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;
using MidJourney.Sessions;

namespace MidJourney.Commands;

/// <summary>Waits until tasks have finished, and returns each one as soon as it finishes.</summary>
[Cmdlet(VerbsLifecycle.Wait, "MJTask", DefaultParameterSetName = ById)]
[OutputType(typeof(MJTask))]
public sealed class WaitMJTaskCommand : TaskInputCmdlet
{
    private TaskWait? _wait;
    private Listening? _listening;

    private protected override bool IsAwaitedAt(MJSession session) => _wait?.IsAwaitedAt(session) == true;

    /// <summary>How long to wait for each task, in seconds, from the start of its wait. 0: no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; } = WaitDefaults.TimeoutSec;

    /// <summary>The minimum time between two reads of the same task, in seconds. 0: the module chooses.</summary>
    [Parameter]
    [ValidateRange(0.0, 86400.0)]
    public double PollIntervalSec { get; set; } = WaitDefaults.PollIntervalSec;

    /// <summary>End the wait as soon as one task has finished. The other tasks continue at the gateway.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <summary>Listen for the gateway's callbacks at this address while waiting, such as 8080 or http://127.0.0.1:8080/path: a task that they announce is read at once.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [TextArgument(nameof(ListenOn))]
    public string? ListenOn { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _listening = TaskWait.Listen(this, ListenOn);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        TakeTasks();
        DrainReady();
    }

    private protected override void Take(MJTask task, MJSession session, bool showsFailure)
    {
        _wait ??= new TaskWait(this, TimeoutSec, PollIntervalSec, _listening) { Any = Any };
        var known = OriginLookup.IsNeeded(task) ? Await(stopping => Origins.CompleteAsync(task, session, stopping)) : task;
        _wait.Add(known, session, showsFailure);
    }

    private protected override void Complete() => _wait?.Finish();
}
