using System.Globalization;
using System.Management.Automation;
using MidJourney.Commands.Shared;
using MidJourney.Json;
using MidJourney.Parameters;
using MidJourney.Pricing;

namespace MidJourney.Commands;

/// <summary>
/// Adds up the cost of tasks: those from the pipeline or, without input, those of the journal. Makes no network requests, so it knows the cost of a task
/// only if its end was recorded. Only -Bill reads the gateway's bill, to compare it with the journal.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "MJCost", DefaultParameterSetName = FromJournal)]
[OutputType(typeof(MJCost))]
[OutputType(typeof(MJBill), ParameterSetName = [FromGateway])]
public sealed class MeasureMJCostCommand : GatewayCmdlet
{
    private const string FromJournal = "Journal";
    private const string FromGateway = "Bill";

    private CostTotals? _totals;
    private CostPeriod _period;
    private string? _currency;
    private bool _isReading;

    /// <summary>Tasks, from Get-MJTask, Wait-MJTask, a file or another process. Duplicate tasks count once.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Task", HelpMessage = "Tasks, from Get-MJTask or Wait-MJTask.")]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>How to group the tasks: Type, Job, Day, Model or Prompt, or several of them. The default is one total; with -Month, Day and Model.</summary>
    [Parameter(Position = 0, ParameterSetName = FromJournal)]
    [Parameter(Position = 0, ParameterSetName = "Task")]
    [ValidateNotNullOrEmpty]
    public CostGrouping[] By { get; set; } = [];

    /// <summary>Only tasks that were created after this time.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    [Parameter(ParameterSetName = FromGateway)]
    public DateTimeOffset After { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Only tasks that were created before this time.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    [Parameter(ParameterSetName = FromGateway)]
    public DateTimeOffset Before { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Only tasks that were created in this month, such as 2026-11, or the month of a date.</summary>
    [Parameter(ParameterSetName = FromJournal)]
    [Parameter(ParameterSetName = FromGateway)]
    [MonthArgument]
    [ArgumentCompleter(typeof(MonthCompleter))]
    public DateTime Month { get; set; }

    /// <summary>Only costs in this currency, such as USD or credit.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CurrencyCompleter))]
    public string? Currency { get; set; }

    /// <summary>Compare the journal with the gateway's bill, which is free. The default period is the current month.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromGateway)]
    public SwitchParameter Bill { get; set; }

    // The journal can be read without a key.
    private protected override bool NeedsSessionAtOnce => Bill;

    private protected override bool IsAwaited => _isReading;

    private bool HasPeriod => After != DateTimeOffset.MinValue || Before != DateTimeOffset.MaxValue;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        var hasMonth = Month != default;
        if (hasMonth && HasPeriod) Refuse(Messages.MonthWithOtherPeriod());
        if (Currency is not null && (_currency = WirePrice.Currency(Currency)) is null) Refuse(Messages.InvalidCurrency(Currency));
        base.BeginProcessing();
        _period = hasMonth ? CostPeriod.Month(Month)
            : Bill && !HasPeriod ? CostPeriod.Month(DateTime.Now)
            : new CostPeriod(After > DateTimeOffset.MinValue && After < DateTimeOffset.MaxValue ? After.AddTicks(1) : After, Before);
        _totals = new CostTotals(hasMonth && By.Length == 0 ? [CostGrouping.Day, CostGrouping.Model] : [.. By.Distinct()], _currency);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != "Task") return;
        foreach (var item in TaskSnapshot.Each(InputObject))
        {
            if (item is not null && TaskSnapshot.ReadOutput(item) is { } task) _totals!.Add(task);
            else WriteError(ErrorCatalog.Record(new CommandException(ErrorIds.InvalidTask, Messages.NotATask(item)), item));
        }
    }

    private protected override void Complete()
    {
        if (Bill)
        {
            CompareWithBill();
            return;
        }
        if (ParameterSetName != "Task" && !MyInvocation.ExpectingInput) AddJournal();
        foreach (var total in _totals!.Totals()) WriteObject(total);
    }

    private void AddJournal()
    {
        var (journal, address) = FindJournal();
        foreach (var task in JournalListing.Read(this, journal, address))
        {
            if (_period.Contains(task.CreatedAt)) _totals!.Add(task);
            else _totals!.AddAncestor(task);
        }
    }

    private void CompareWithBill()
    {
        var client = Client;
        var tasks = JournalListing.Read(this, client.Options.Journal!, CurrentSession.BaseUri);
        // The key sees only its own account's bill. Tasks may be older than the account's name.
        bool IsOwn(MJTask task) => task.Account is null || task.Account == client.Account || task.Account == client.FingerprintOfKey;
        var comparison = new BillComparison([.. tasks.Where(t => IsOwn(t) && _period.Contains(t.CreatedAt))], ReadBill(), _currency);
        foreach (var row in comparison.Rows) WriteObject(row);
        if (comparison.PerhapsBilled is { More: > 0 and var more, Unknown: var unknown }) WriteWarning(Messages.BillHasMore(more, unknown));
    }

    /// <returns>The bill; null if it could not be read, and the reason was reported.</returns>
    private GatewayBill? ReadBill()
    {
        _isReading = true;
        try
        {
            var bill = Await(stopping => Client.ReadBillAsync(_period.Start, _period.End, Observer, stopping));
            CurrentSession.IsRefused = false;
            if (bill.NotOffered is { } reason) WriteWarning(Messages.BillNotOffered(reason));
            else if (!bill.IsComplete) WriteWarning(Messages.BillIncomplete());
            return bill.NotOffered is null ? bill : null;
        }
        catch (GatewayException e)
        {
            if (e.Kind is GatewayErrorKind.Unauthorized or GatewayErrorKind.ProxyAuthenticationRequired) CurrentSession.IsRefused = true;
            // The advice of the table is about tasks.
            var isPassing = e.Kind is GatewayErrorKind.ServerError or GatewayErrorKind.RequestTimedOut;
            WriteError(ErrorCatalog.Record(isPassing ? new CommandException(ErrorIds.Of(e.Kind), e.Message, e) { Advice = Messages.ReadBillLater() } : e, null));
            return null;
        }
        finally
        {
            _isReading = false;
        }
    }

    private void Refuse(string problem) =>
        ThrowTerminatingError(ErrorCatalog.Record(new CommandException(ErrorIds.Of(GatewayErrorKind.InvalidParameter), problem), null));
}

/// <summary>A time span in which tasks count.</summary>
/// <param name="From">Included.</param>
/// <param name="Until">Not included.</param>
internal readonly record struct CostPeriod(DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>The start to ask the gateway for, which may reject a year 1.</summary>
    public DateTimeOffset Start => From < DateTimeOffset.FromUnixTimeSeconds(0) ? DateTimeOffset.FromUnixTimeSeconds(0) : From;

    /// <summary>The end to ask the gateway for; tomorrow if the period has no end.</summary>
    public DateTimeOffset End => Until == DateTimeOffset.MaxValue ? new DateTimeOffset(DateTime.Today.AddDays(1)) : Until;

    /// <summary>The month of a local time, in this machine's time zone.</summary>
    public static CostPeriod Month(DateTime day)
    {
        var first = new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Local);
        return new CostPeriod(new DateTimeOffset(first), new DateTimeOffset(first.AddMonths(1)));
    }

    public bool Contains(DateTimeOffset? time) => time >= From && time < Until;
}

/// <summary>Adds up what tasks cost; a task counts once, however many snapshots are added.</summary>
internal sealed class CostTotals(CostGrouping[] by, string? currency = null)
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

    /// <summary>One total per group and currency, in the order of the groups; without grouping, one per currency.</summary>
    public IEnumerable<MJCost> Totals()
    {
        var tasks = _tasks.Values.Concat(_withoutId).Where(t => currency is null || t.Currency is null || SameCurrency(t.Currency, currency)).ToList();
        var first = currency ?? Money.First(tasks.Select(t => t.Currency));
        return by.Length == 0 ? PerCurrency([], tasks, first)
            : tasks.GroupBy(KeyOf, KeyComparer.Instance).OrderBy(g => g.Key, KeyComparer.Instance).SelectMany(g => PerCurrency(g.Key, g.ToList(), first));
    }

    /// <summary>Tasks with an unknown cost have no currency, and count in the group's first one.</summary>
    private IEnumerable<MJCost> PerCurrency(string[] key, List<MJTask> tasks, string first)
    {
        var own = tasks.Any(t => t.Currency is not null) ? Money.First(tasks.Select(t => t.Currency)) : first;
        if (tasks.Count == 0) return [Total(key, tasks, own)];
        return tasks.GroupBy(t => t.Currency ?? own).OrderBy(g => g.Key == own ? "" : g.Key, StringComparer.Ordinal).Select(g => Total(key, g.ToList(), g.Key));
    }

    private static bool SameCurrency(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

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

    private MJCost Total(string[] key, List<MJTask> tasks, string ofCurrency) => new()
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
        Currency = ofCurrency,
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
