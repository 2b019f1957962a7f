using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>
/// Adds up the cost of tasks in US dollars: those from the pipeline or, without input, those of the journal. Makes no network requests, so it knows
/// the cost of a task only if its end was recorded.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "MJCost", DefaultParameterSetName = FromJournal)]
[OutputType(typeof(MJCost))]
public sealed class MeasureMJCostCommand : GatewayCmdlet
{
    private const string FromJournal = "Journal";

    private CostTotals? _totals;

    /// <summary>Tasks, from Get-MJTask, Wait-MJTask, a file or another process. Duplicate tasks count once.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Task")]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>How to group the tasks: Type, Job, Day, Model or Prompt, or several of them. The default is one total.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public CostGrouping[] By { get; set; } = [];

    /// <summary>Only tasks that were created after this time.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    public DateTimeOffset After { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Only tasks that were created before this time.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    public DateTimeOffset Before { get; set; } = DateTimeOffset.MaxValue;

    // The journal can be read without a key.
    private protected override bool NeedsSessionAtOnce => false;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _totals = new CostTotals([.. By.Distinct()]);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FromJournal) return;
        foreach (var item in TaskSnapshot.Each(InputObject))
        {
            if (item is not null && TaskSnapshot.ReadOutput(item) is { } task) _totals!.Add(task);
            else WriteError(ErrorCatalog.Record(new CommandException(ErrorIds.InvalidTask, Messages.NotATask(item)), item));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == FromJournal && !MyInvocation.ExpectingInput) AddJournal();
        foreach (var total in _totals!.Totals()) WriteObject(total);
    }

    private void AddJournal()
    {
        var (journal, address) = FindJournal();
        foreach (var task in JournalListing.Read(this, journal, address))
        {
            if (task.CreatedAt > After && task.CreatedAt < Before) _totals!.Add(task);
            else _totals!.AddAncestor(task);
        }
    }
}
