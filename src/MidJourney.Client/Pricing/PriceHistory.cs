namespace MidJourney.Pricing;

/// <summary>What completed tasks of one kind cost, in one currency.</summary>
/// <param name="Median">The median of the last <see cref="PriceHistory.MaxSamples"/>.</param>
/// <param name="Highest">The highest of all.</param>
/// <param name="Samples">The number of tasks that the median is of.</param>
/// <param name="Currency">The currency.</param>
internal sealed record PastPrice(decimal Median, decimal Highest, int Samples, string Currency);

/// <summary>What completed tasks cost, by gateway and kind. Not thread-safe.</summary>
internal sealed class PriceHistory
{
    public const int MaxSamples = 100;

    // 0 stands for no kind.
    private readonly List<List<Costs>> _kinds = [[]];
    private readonly Dictionary<(string BaseUri, WorkKind Kind), ushort> _numbers = [];

    /// <summary>The number of a kind; 0 if there are too many, as prompts with random flags could make.</summary>
    public ushort NumberOf(string baseUri, WorkKind kind)
    {
        if (_numbers.TryGetValue((baseUri, kind), out var number)) return number;
        if (_kinds.Count == ushort.MaxValue) return 0;
        _kinds.Add([]);
        return _numbers[(baseUri, kind)] = (ushort)(_kinds.Count - 1);
    }

    /// <summary>Adds what a completed task cost.</summary>
    public void Add(ushort kind, decimal cost, string currency)
    {
        if (kind == 0) return;
        var costs = _kinds[kind].Find(c => c.Currency == currency);
        if (costs is null) costs = new Costs(currency);
        else _kinds[kind].Remove(costs);
        costs.Add(cost);
        // The currency that was billed last comes first.
        _kinds[kind].Insert(0, costs);
    }

    /// <param name="baseUri">The gateway.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="currency">Null for the one that was billed last.</param>
    /// <returns>What the kind has cost; null if it is not known.</returns>
    public PastPrice? Of(string baseUri, WorkKind kind, string? currency = null) => _numbers.TryGetValue((baseUri, kind), out var number)
        ? _kinds[number].Find(c => currency is null || c.Currency == currency)?.Price() : null;

    private sealed class Costs(string currency)
    {
        private readonly List<decimal> _last = [];
        private int _next;
        private decimal _highest;

        public string Currency => currency;

        public void Add(decimal cost)
        {
            _highest = Math.Max(_highest, cost);
            if (_last.Count < MaxSamples) _last.Add(cost);
            else _last[_next] = cost;
            _next = (_next + 1) % MaxSamples;
        }

        public PastPrice Price()
        {
            var sorted = _last.OrderBy(c => c).ToList();
            var middle = sorted.Count / 2;
            return new(sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, _highest, sorted.Count, currency);
        }
    }
}
