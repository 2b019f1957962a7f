using System.Diagnostics.CodeAnalysis;

namespace MidJourney.Pricing;

/// <summary>
/// A session's limit, in US dollars: what was spent, what is committed to tasks whose cost is not known yet, and the next create together never exceed it,
/// as long as no task costs more than the highest price seen of its kind. Thread-safe.
/// </summary>
/// <param name="maxCost">The limit; 0: nothing may be spent.</param>
/// <param name="assumedCost">The lowest price to commit; null if only known prices count.</param>
internal sealed class Budget(decimal maxCost, decimal? assumedCost = null)
{
    private readonly object _sync = new();
    private readonly Dictionary<WorkKind, decimal> _highest = [];
    private readonly Dictionary<string, Commitment> _tasks = new(StringComparer.Ordinal);
    private decimal _spent, _committed;
    private int _open;

    public decimal MaxCost => maxCost;

    public decimal? AssumedCost => assumedCost;

    /// <summary>What the session's tasks have cost, as far as the gateway stated it.</summary>
    public decimal Spent
    {
        get { lock (_sync) return _spent; }
    }

    /// <summary>
    /// What is set aside for tasks whose cost is not known: they are being submitted or run, their outcome is unknown, or they ended without a cost.
    /// </summary>
    public decimal Committed
    {
        get { lock (_sync) return _committed; }
    }

    /// <summary>Adds a price of a kind: what a task has cost, or what the gateway estimates.</summary>
    public void Learn(WorkKind kind, decimal price)
    {
        lock (_sync) _highest[kind] = _highest.TryGetValue(kind, out var known) ? Math.Max(known, price) : price;
    }

    /// <summary>Sets the price of a create aside, before it is sent.</summary>
    /// <param name="submission">What to create.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="highest">The highest price of its kind that the journal has; null if it has none.</param>
    /// <returns>The commitment; disposed, it is freed unless the task may exist.</returns>
    /// <exception cref="GatewayException">Its price is not known, or does not fit.</exception>
    public Commitment Commit(MJSubmission submission, WorkKind kind, decimal? highest)
    {
        var assumed = assumedCost * WorkKind.PermutationsOf(submission);
        lock (_sync)
        {
            var prices = new[] { highest, _highest.TryGetValue(kind, out var seen) ? seen : null, assumed };
            // A price of 0 would turn the limit off.
            if (prices.Where(p => p > 0).Max() is not { } price)
                throw new GatewayException(GatewayErrorKind.PriceUnknown, ClientMessages.PriceUnknown(submission, kind.ToString()));
            if (_spent + _committed + price > maxCost)
                throw new GatewayException(GatewayErrorKind.BudgetExceeded, ClientMessages.BudgetExceeded(submission, price, maxCost, _spent, _committed, _open));
            _committed += price;
            _open++;
            return new Commitment(this, kind, price);
        }
    }

    /// <summary>Replaces the commitment of a task by its cost, once it has ended and the gateway states one. Other tasks are not of this session.</summary>
    public void Saw(MJTask task)
    {
        if (!task.IsEnded() || task is not { Cost: { } cost, Currency: Money.Usd }) return;
        lock (_sync)
        {
            if (!_tasks.TryGetValue(task.Id, out var commitment)) return;
            // What a failed task cost says nothing about one that completes.
            if (task.Status == MJTaskStatus.Completed) Learn(commitment.Kind, cost);
            if (commitment.Cost is { } earlier) _spent -= earlier;
            else Close(commitment);
            commitment.Cost = cost;
            _spent += cost;
        }
    }

    private void Accept(Commitment commitment, MJTask task)
    {
        lock (_sync) _tasks[task.Id] = commitment;
        Saw(task);
    }

    private void Free(Commitment commitment)
    {
        lock (_sync) Close(commitment);
    }

    private void Close(Commitment commitment)
    {
        _committed -= commitment.Price;
        _open--;
    }

    /// <summary>The price of one create. Disposing it frees it, unless the task was accepted, or may have been.</summary>
    [SuppressMessage("Design", "CA1034", Justification = "Only the budget may make and close one.")]
    internal sealed class Commitment(Budget budget, WorkKind kind, decimal price) : IDisposable
    {
        private bool _isKept;
        private int _disposed;

        public WorkKind Kind => kind;

        public decimal Price => price;

        /// <summary>What the task has cost; null while that is not known.</summary>
        public decimal? Cost { get; set; }

        /// <summary>Bytes of the create have left: unless its outcome is known, the task may exist and be billed.</summary>
        public void Sent() => _isKept = true;

        /// <summary>The create certainly made no task; it may be sent again.</summary>
        public void Refused() => _isKept = false;

        public void Accepted(MJTask task)
        {
            _isKept = true;
            budget.Accept(this, task);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0 && !_isKept) budget.Free(this);
        }
    }
}
