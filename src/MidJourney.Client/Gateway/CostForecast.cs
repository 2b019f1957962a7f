using MidJourney.Journal;
using MidJourney.Pricing;

namespace MidJourney.Gateway;

/// <summary>What a command would cost: counts the tasks of each kind that it would create, and those that the duplicate guard would not create again.</summary>
internal sealed class CostForecast(TaskJournal journal, Uri gateway)
{
    private readonly Dictionary<WorkKind, ForecastLine> _lines = [];
    private readonly List<ForecastLine> _order = [];

    /// <summary>The kinds that would be paid, in the order of the input.</summary>
    public IReadOnlyList<ForecastLine> Lines => _order;

    /// <summary>Records whose known task would be returned.</summary>
    public int Returned { get; private set; }

    /// <summary>Records whose known task would be read first.</summary>
    public int ToRead { get; private set; }

    /// <summary>Records whose outcome is unknown.</summary>
    public int Unknown { get; private set; }

    /// <summary>Records whose content was refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Records that the duplicate guard would not create again.</summary>
    public int NotPaid => Returned + ToRead + Unknown + Refused;

    /// <summary>The sum, as far as the prices are known.</summary>
    public MoneySum Total
    {
        get
        {
            var total = new MoneySum();
            foreach (var line in _order) total.Add(line.Count * line.UnitCost, line.Currency);
            return total;
        }
    }

    /// <summary>What the kind cost before; null if that is not known.</summary>
    public PastPrice? PriceOf(WorkKind kind) => _lines.TryGetValue(kind, out var line) ? line.Price : journal.PriceOf(gateway, kind);

    public void Add(CreateRecord record, MJSubmission submission)
    {
        switch (record.Action)
        {
            case DuplicateAction.Submit:
                var kind = record.Kind;
                if (!_lines.TryGetValue(kind, out var line))
                {
                    _lines[kind] = line = new ForecastLine(kind, submission, journal.PriceOf(gateway, kind));
                    _order.Add(line);
                }
                line.Count++;
                break;
            case DuplicateAction.Read:
                ToRead++;
                break;
            case DuplicateAction.ReportUnknown:
                Unknown++;
                break;
            case DuplicateAction.ReportRefused:
                Refused++;
                break;
            default:
                Returned++;
                break;
        }
    }

    /// <summary>Asks the gateway for the price of each kind.</summary>
    /// <returns>The first problem, after which no answer is waited for; null if there was none.</returns>
    public async Task<string?> AskAsync(GatewayClient client, IGatewayObserver observer, CancellationToken stopping)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        string? problem = null;
        // The answer to one tells whether the gateway estimates at all.
        foreach (var line in _order.Take(1)) await AskForAsync(line).ConfigureAwait(false);
        if (problem is null) await Task.WhenAll(_order.Skip(1).Select(AskForAsync)).ConfigureAwait(false);
        return problem;

        async Task AskForAsync(ForecastLine line)
        {
            try { line.Estimated = await client.EstimateAsync(line.Kind, line.Example, observer, giveUp.Token).ConfigureAwait(false); }
            catch (GatewayException e)
            {
                Interlocked.CompareExchange(ref problem, e.Message, null);
                giveUp.Cancel();
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // The gateway has failed to estimate another kind.
            }
        }
    }

    public IEnumerable<MJEstimate> Estimates() => _order.Select(line => new MJEstimate
    {
        Model = line.Kind.Model,
        Type = line.Kind.Type,
        Count = line.Count,
        UnitCost = line.UnitCost,
        Currency = line.Currency,
        Source = line.Estimated is not null ? MJEstimate.FromGateway : line.Price is not null ? MJEstimate.FromJournal : MJEstimate.NotKnown,
        Samples = line.Estimated?.Samples ?? line.Price?.Samples ?? 0,
    });
}

/// <summary>The tasks of one kind that a command would create.</summary>
/// <param name="kind">The kind.</param>
/// <param name="example">The first of them.</param>
/// <param name="price">What the kind cost before; null if that is not known.</param>
internal sealed class ForecastLine(WorkKind kind, MJSubmission example, PastPrice? price)
{
    public WorkKind Kind => kind;

    public MJSubmission Example => example;

    public PastPrice? Price => price;

    /// <summary>The gateway's price; null if it is not known.</summary>
    public EstimatedPrice? Estimated { get; set; }

    public int Count { get; set; }

    public decimal? UnitCost => Estimated?.Cost ?? price?.Median;

    public string? Currency => Estimated?.Currency ?? price?.Currency;
}
