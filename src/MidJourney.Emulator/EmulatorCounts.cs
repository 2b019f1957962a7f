namespace MidJourney.Emulator;

/// <summary>What the emulator has seen, live. A request counts when all of it has arrived, whatever the answer is.</summary>
public sealed class EmulatorCounts
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, long> _answers = [];
    private readonly Gauge _all = new();
    private readonly Gauge _connections = new();
    private readonly Dictionary<Operation, Gauge> _gauges = Enum.GetValues<Operation>().ToDictionary(operation => operation, _ => new Gauge());

    internal EmulatorCounts()
    {
    }

    public long Creates { get; private set; }

    /// <summary>Tasks made by creates: what the real gateway would bill.</summary>
    public long TasksMade { get; private set; }

    public long Reads { get; private set; }

    /// <summary>Downloads of results.</summary>
    public long Files { get; private set; }

    /// <summary>Downloads with an Authorization header, which none should have.</summary>
    public long FilesWithAuthorization { get; private set; }

    public long Unauthorized => Answered(401);

    public long TooManyRequests => Answered(429);

    /// <summary>Requests without a whole answer: a fault cut the connection, or the client left.</summary>
    public long Unanswered => Answered(0);

    /// <summary>Creates, reads and downloads in flight now.</summary>
    public int InFlight => _all.Now;

    public int MaxInFlight => _all.Max;

    public int MaxCreatesInFlight => _gauges[Operation.Create].Max;

    public int MaxReadsInFlight => _gauges[Operation.Read].Max;

    public int MaxFilesInFlight => _gauges[Operation.File].Max;

    /// <summary>Connections open now.</summary>
    public int Connections => _connections.Now;

    public int MaxConnections => _connections.Max;

    public long ConnectionsOpened { get; private set; }

    /// <summary>Defects of the emulator itself.</summary>
    public long InternalErrors { get; private set; }

    /// <summary>Answers by HTTP status; 0 stands for none.</summary>
    public IReadOnlyDictionary<int, long> Answers
    {
        get { lock (_lock) return new SortedDictionary<int, long>(_answers); }
    }

    /// <summary>The last of <see cref="InternalErrors"/>, with its stack.</summary>
    public string? LastInternalError { get; private set; }

    /// <summary>How many requests got this HTTP status.</summary>
    public long Answered(int status)
    {
        lock (_lock) return _answers.GetValueOrDefault(status);
    }

    internal void Enter(Operation operation)
    {
        lock (_lock)
        {
            _all.Enter();
            _gauges[operation].Enter();
        }
    }

    internal void Leave(Operation operation, int status)
    {
        lock (_lock)
        {
            _answers[status] = _answers.GetValueOrDefault(status) + 1;
            _gauges[operation].Leave();
            _all.Leave();
        }
    }

    internal void CountReceived(Operation operation, bool withAuthorization)
    {
        lock (_lock)
        {
            switch (operation)
            {
                case Operation.Create: Creates++; break;
                case Operation.Read: Reads++; break;
                case Operation.File: Files++; break;
            }
            if (operation == Operation.File && withAuthorization) FilesWithAuthorization++;
        }
    }

    internal void CountTask()
    {
        lock (_lock) TasksMade++;
    }

    internal void CountInternalError(Exception error)
    {
        lock (_lock)
        {
            InternalErrors++;
            LastInternalError = error.ToString();
        }
    }

    internal void Connected()
    {
        lock (_lock)
        {
            ConnectionsOpened++;
            _connections.Enter();
        }
    }

    internal void Disconnected()
    {
        lock (_lock) _connections.Leave();
    }

    internal void Reset()
    {
        lock (_lock)
        {
            _answers.Clear();
            foreach (var gauge in _gauges.Values.Append(_all).Append(_connections))
                gauge.Reset();
            Creates = TasksMade = Reads = Files = FilesWithAuthorization = ConnectionsOpened = InternalErrors = 0;
        }
    }

    /// <summary>How many there are now, and the maximum so far.</summary>
    private sealed class Gauge
    {
        public int Now { get; private set; }

        public int Max { get; private set; }

        public void Enter() => Max = Math.Max(Max, ++Now);

        public void Leave() => Now--;

        public void Reset() => Max = Now;
    }
}
