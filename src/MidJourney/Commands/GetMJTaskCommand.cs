using System.Management.Automation;

namespace MidJourney.Commands;

/// <summary>Reads tasks, each once, and puts them out in the order of the input.</summary>
[Cmdlet(VerbsCommon.Get, "MJTask")]
[OutputType(typeof(MJTask))]
public sealed class GetMJTaskCommand : TaskInputCmdlet
{
    private readonly Queue<Reading> _readings = new();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var task in ReadTasks())
        {
            DrainUntil(() => _readings.Count < Client.Options.ThrottleLimit * 2);
            Read(task);
        }
        DrainReady();
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => DrainUntil(() => _readings.Count == 0);

    private void Read(MJTask task)
    {
        var reading = new Reading();
        _readings.Enqueue(reading);
        Start(async stopping =>
        {
            try
            {
                var seen = (await Client.ReadAsync(task.Id, Observer, stopping).ConfigureAwait(false)).WithOriginOf(task);
                return () => Finish(reading, () => Put(seen));
            }
            catch (GatewayException e)
            {
                return () => Finish(reading, () => WriteError(ErrorCatalog.Record(e, task.Id)));
            }
        });
    }

    private void Put(MJTask task)
    {
        WriteObject(task);
        if (PollOutcome.Of(task).Error is { } error) WriteError(ErrorCatalog.Record(error, task));
    }

    private void Finish(Reading reading, Action write)
    {
        reading.Write = write;
        while (_readings.Count > 0 && _readings.Peek().Write is not null) _readings.Dequeue().Write!();
    }

    /// <summary>A read whose turn to be put out may not have come.</summary>
    private sealed class Reading
    {
        public Action? Write { get; set; }
    }
}
