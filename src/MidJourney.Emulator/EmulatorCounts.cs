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
    public long TasksMade { get; private set; } // by creates: what the real gateway would bill
    public long Precharges { get; private set; }
    public long Bills { get; private set; }
    public long Reads { get; private set; }
    public long Files { get; private set; }
    public long FilesWithAuthorization { get; private set; } // none should have it
    public long CallbacksSent { get; private set; } // requests to callback URLs
    public long CallbacksAnswered { get; private set; } // those that got 2xx
    public long CallbacksRetried { get; private set; } // those that repeat one that did not
    public long CallbacksGivenUp { get; private set; } // after the last of them
    public long CallbacksLost { get; private set; } // never sent, by LossRate
    public long Unauthorized => Answered(401);
    public long TooManyRequests => Answered(429);
    public long Unanswered => Answered(0); // a fault cut the connection, or the client left
    public int InFlight => _all.Now;
    public int MaxInFlight => _all.Max;
    public int MaxCreatesInFlight => _gauges[Operation.Create].Max;
    public int MaxReadsInFlight => _gauges[Operation.Read].Max;
    public int MaxFilesInFlight => _gauges[Operation.File].Max;
    public int Connections => _connections.Now;
    public int MaxConnections => _connections.Max;
    public long ConnectionsOpened { get; private set; }
    public long InternalErrors { get; private set; } // defects of the emulator itself

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

    internal void Enter(Operation operation) => Update(() =>
    {
        _all.Enter();
        _gauges[operation].Enter();
    });

    internal void Leave(Operation operation, int status) => Update(() =>
    {
        _answers[status] = _answers.GetValueOrDefault(status) + 1;
        _gauges[operation].Leave();
        _all.Leave();
    });

    internal void CountReceived(Operation operation, bool withAuthorization) => Update(() =>
    {
        Creates += operation == Operation.Create ? 1 : 0;
        Precharges += operation == Operation.Precharge ? 1 : 0;
        Bills += operation == Operation.Bill ? 1 : 0;
        Reads += operation == Operation.Read ? 1 : 0;
        Files += operation == Operation.File ? 1 : 0;
        FilesWithAuthorization += operation == Operation.File && withAuthorization ? 1 : 0;
    });

    internal void CountCallback(int sent = 0, int answered = 0, int retried = 0, int givenUp = 0, int lost = 0) => Update(() =>
    {
        CallbacksSent += sent;
        CallbacksAnswered += answered;
        CallbacksRetried += retried;
        CallbacksGivenUp += givenUp;
        CallbacksLost += lost;
    });

    internal void CountTask() => Update(() => TasksMade++);

    internal void CountInternalError(Exception error) => Update(() => (InternalErrors, LastInternalError) = (InternalErrors + 1, error.ToString()));

    internal void Connected() => Update(() =>
    {
        ConnectionsOpened++;
        _connections.Enter();
    });

    internal void Disconnected() => Update(_connections.Leave);

    internal void Reset() => Update(() =>
    {
        _answers.Clear();
        foreach (var gauge in _gauges.Values.Append(_all).Append(_connections)) gauge.Reset();
        CallbacksSent = CallbacksAnswered = CallbacksRetried = CallbacksGivenUp = CallbacksLost = 0;
        Creates = TasksMade = Precharges = Bills = Reads = Files = FilesWithAuthorization = ConnectionsOpened = InternalErrors = 0;
    });

    private void Update(Action change)
    {
        lock (_lock) change();
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
