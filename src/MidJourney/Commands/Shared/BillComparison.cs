using MidJourney.Pricing;

namespace MidJourney.Commands.Shared;

/// <summary>Compares a period's tasks of the journal with the gateway's bill, by model and currency.</summary>
internal sealed class BillComparison
{
    private readonly ILookup<string, MJTask> _tasks;
    private readonly ILookup<string, Billed> _billed;
    private readonly GatewayBill? _bill;
    private readonly string _first;

    /// <param name="tasks">The journal's.</param>
    /// <param name="bill">Null if it is not known.</param>
    /// <param name="currency">The only currency to compare; null for all.</param>
    public BillComparison(IReadOnlyList<MJTask> tasks, GatewayBill? bill, string? currency)
    {
        var billed = bill?.Models.ToList() ?? [];
        // The total has a currency of its own where it stands alone.
        var alone = billed.Count == 0 && bill?.Total is { Requests: not 0 } or { Cost: not 0 } ? bill.Total.Currency : null;
        _bill = bill;
        _tasks = tasks.ToLookup(t => t.Model ?? "", StringComparer.OrdinalIgnoreCase);
        _billed = billed.ToLookup(b => b.Model, StringComparer.OrdinalIgnoreCase);
        _first = Money.First(tasks.Select(t => t.Currency).Concat(billed.Select(b => b.Currency)).Append(billed.Count == 0 ? bill?.Total?.Currency : null));
        var names = _tasks.Select(t => t.Key).Concat(_billed.Select(b => b.Key)).Distinct(StringComparer.OrdinalIgnoreCase);
        var models = names.OrderBy(m => m, StringComparer.Ordinal).SelectMany(RowsOf).ToList();
        var currencies = models.Select(m => m.Currency).Append(alone).OfType<string>().DefaultIfEmpty(_first).Distinct();
        var totals = currencies.OrderBy(c => c == Money.Usd ? "" : c, StringComparer.Ordinal)
            .Select(c => Total([.. models.Where(m => m.Currency == c)], c)).ToList();
        Rows = [.. models.Concat(totals).Where(r => currency is null || r.Currency.Equals(currency, StringComparison.OrdinalIgnoreCase))];
        PerhapsBilled = Suspects(models, totals);
    }

    /// <summary>A row per model and currency, then a total per currency.</summary>
    public IReadOnlyList<MJBill> Rows { get; }

    /// <summary>How many billed requests the journal does not have where it also has unknown outcomes, and the number of these.</summary>
    public (long More, int Unknown) PerhapsBilled { get; }

    private IEnumerable<MJBill> RowsOf(string model)
    {
        var (tasks, billed) = (_tasks[model].ToList(), _billed[model].ToList());
        var currencies = tasks.Select(t => t.Currency).Concat(billed.Select(b => b.Currency)).OfType<string>().Distinct().ToList();
        // A task with an unknown cost has no currency.
        var first = currencies.Count == 0 ? _first : Money.First(currencies);
        return currencies.DefaultIfEmpty(first).OrderBy(c => c == first ? "" : c, StringComparer.Ordinal)
            .Select(c => Row(model, [.. tasks.Where(t => (t.Currency ?? first) == c)], [.. billed.Where(b => b.Currency == c)], c));
    }

    private MJBill Row(string model, List<MJTask> tasks, List<Billed> billed, string currency)
    {
        var nothing = new Billed(model, 0, 0, 0, currency);
        // If a part of the bill is missing, what is not on it may be in that part.
        var sum = billed.Count > 0 ? billed.Aggregate((one, other) => one + other) : _bill is { IsComplete: true } ? nothing : null;
        var created = tasks.Where(t => t.Status != MJTaskStatus.OutcomeUnknown).ToList();
        return new MJBill
        {
            Model = model.Length == 0 ? Messages.UnknownGroup() : model,
            JournalTasks = created.Count,
            JournalCost = created.Sum(t => t.Cost ?? 0),
            CostUnknown = created.Count(t => t.Cost is null),
            OutcomeUnknown = tasks.Count - created.Count,
            BillRequests = sum?.Requests,
            BillCost = sum?.Cost,
            ListCost = sum?.ListCost,
            Currency = currency,
        };
    }

    private MJBill Total(List<MJBill> models, string currency)
    {
        // What the gateway states is of all models, and in one currency.
        var stated = _bill?.Total is { } total && total.Currency == currency && _bill.Models.All(b => b.Currency == currency) ? total : null;
        var none = _bill is { IsComplete: true } ? 0 : (int?)null;
        return new MJBill
        {
            Model = Messages.AllTasks(),
            JournalTasks = models.Sum(m => m.JournalTasks),
            JournalCost = models.Sum(m => m.JournalCost),
            CostUnknown = models.Sum(m => m.CostUnknown),
            OutcomeUnknown = models.Sum(m => m.OutcomeUnknown),
            // Enumerable.Sum would take an unknown number for 0.
            BillRequests = stated?.Requests ?? models.Aggregate((long?)none, (sum, m) => sum + m.BillRequests),
            BillCost = stated?.Cost ?? models.Aggregate((decimal?)none, (sum, m) => sum + m.BillCost),
            ListCost = stated?.ListCost ?? models.Aggregate((decimal?)none, (sum, m) => sum + m.ListCost),
            Currency = currency,
        };
    }

    /// <summary>The bill may name models differently; then only the totals can be compared.</summary>
    private static (long More, int Unknown) Suspects(List<MJBill> models, List<MJBill> totals)
    {
        var open = models.Where(m => m.OutcomeUnknown > 0).ToList();
        var suspects = (open.Any(m => m.BillRequests > 0) ? open : totals).Where(m => m.OutcomeUnknown > 0 && m.BillRequests > m.JournalTasks).ToList();
        return (suspects.Sum(m => m.BillRequests!.Value - m.JournalTasks), suspects.Sum(m => m.OutcomeUnknown));
    }
}
