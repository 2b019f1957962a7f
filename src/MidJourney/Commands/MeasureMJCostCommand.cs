using System.Globalization;
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
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Task", HelpMessage = "Tasks, from Get-MJTask or Wait-MJTask.")]
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

    private protected override void Complete()
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

/// <summary>Adds up what tasks cost; a task counts once, however many snapshots are added.</summary>
internal sealed class CostTotals(CostGrouping[] by)
{
    private readonly Dictionary<string, MJTask> _tasks = new(StringComparer.Ordinal);
    private readonly List<MJTask> _withoutId = [];
    private readonly Lineage? _lineage = by.Contains(CostGrouping.Prompt) ? new Lineage() : null;

    /// <summary>Adds a task that does not count itself, but may be the source of others.</summary>
    public void AddAncestor(MJTask task) => _lineage?.Add(task);

    public void Add(MJTask task)
    {
        AddAncestor(task);
        // Many thousands may be added, so their content is not held.
        var seen = task.WithoutContent();
        if (task.Id.Length == 0) _withoutId.Add(seen);
        else _tasks[task.Id] = _tasks.TryGetValue(task.Id, out var other) ? Newer(seen, other) : seen;
    }

    /// <summary>One total per group, in the order of the groups; a single total without grouping.</summary>
    public IEnumerable<MJCost> Totals() => by.Length == 0
        ? [Total([], _tasks.Values.Concat(_withoutId).ToList())]
        : _tasks.Values.Concat(_withoutId).GroupBy(KeyOf, KeyComparer.Instance).OrderBy(g => g.Key, KeyComparer.Instance).Select(g => Total(g.Key, g.ToList()));

    /// <summary>The snapshot that knows more: one with a cost, otherwise one that has ended, otherwise the later one.</summary>
    private static MJTask Newer(MJTask later, MJTask earlier) =>
        Knowledge(later) >= Knowledge(earlier) ? later.WithOriginOf(earlier) : earlier.WithOriginOf(later);

    private static int Knowledge(MJTask task) => task.Cost is not null ? 2 : task.IsEnded() ? 1 : 0;

    /// <summary>The values that the task is grouped by; an unknown value is an empty text, which sorts first.</summary>
    private string[] KeyOf(MJTask task) => Array.ConvertAll(by, grouping => grouping switch
    {
        CostGrouping.Type => task.UpscaleType ?? task.Model,
        CostGrouping.Job => task.SourceJobId,
        CostGrouping.Prompt => _lineage!.RootPrompt(task),
        CostGrouping.Day => task.CreatedAt?.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => task.Model,
    } ?? "");

    private MJCost Total(string[] key, List<MJTask> tasks) => new()
    {
        Group = key.Length == 0 ? Messages.AllTasks() : string.Join(", ", key.Select((k, at) => k.Length == 0 ? Messages.UnknownGroup() : by[at] == CostGrouping.Prompt ? DisplayText.Quote(k) : k)),
        Type = Part(key, CostGrouping.Type),
        SourceJobId = Part(key, CostGrouping.Job),
        Day = Part(key, CostGrouping.Day) is { } day ? DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
        Model = Part(key, CostGrouping.Model),
        Prompt = Part(key, CostGrouping.Prompt),
        Tasks = tasks.Count,
        Completed = tasks.Count(t => t.Status == MJTaskStatus.Completed),
        Failed = tasks.Count(t => t.Status is MJTaskStatus.Failed or MJTaskStatus.Cancelled),
        Running = tasks.Count(t => !t.IsEnded()),
        CostUnknown = tasks.Count(t => t.Cost is null),
        Cost = tasks.Sum(t => t.Cost ?? 0),
    };

    private string? Part(string[] key, CostGrouping grouping) =>
        Array.IndexOf(by, grouping) is >= 0 and var at && key[at].Length > 0 ? key[at] : null;

    private sealed class KeyComparer : IEqualityComparer<string[]>, IComparer<string[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(string[]? x, string[]? y) => Compare(x, y) == 0;

        public int GetHashCode(string[] key) => key.Aggregate(17, (hash, part) => unchecked((hash * 31) + StringComparer.Ordinal.GetHashCode(part)));

        public int Compare(string[]? x, string[]? y) =>
            x!.Zip(y!, StringComparer.Ordinal.Compare).FirstOrDefault(order => order != 0);
    }
}
