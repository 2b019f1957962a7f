using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Parameters;

namespace MidJourney.Commands;

/// <summary>
/// Adds up what tasks cost, in US dollars: those from the pipeline, or without any those of the journal. It asks nobody,
/// so it knows the cost of a task only when that was seen to have ended.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "MJCost", DefaultParameterSetName = FromJournal)]
[OutputType(typeof(MJCost))]
public sealed class MeasureMJCostCommand : GatewayCmdlet
{
    private const string FromJournal = "Journal";

    private CostTotals? _totals;

    /// <summary>Tasks: as Get-MJTask and Wait-MJTask put them out, or what became of those in a file or another process. A task that comes twice counts once.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Task")]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>What to add up by: Type, Job, Day, Model or Prompt, or several of them; without it, one total of everything.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public CostGrouping[] By { get; set; } = [];

    /// <summary>Of the journal: only tasks created after this.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    public DateTimeOffset After { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Of the journal: only tasks created before this.</summary>
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
        foreach (var item in TaskSeed.Each(InputObject))
        {
            if (item is not null && OutputSeed.From(item) is { } task) _totals!.Add(task);
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
