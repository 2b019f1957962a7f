namespace MidJourney.Emulator;

/// <summary>What the emulator has seen, live. A request counts when all of it has arrived, whatever it was answered.</summary>
public sealed class EmulatorCounts
{
    private readonly long[] _answers = new long[600];
    private readonly Gauge _requests = new();
    private readonly Gauge _creates = new();
    private readonly Gauge _reads = new();
    private readonly Gauge _files = new();
    private readonly Gauge _connections = new();
    private long _createsReceived;
    private long _tasksMade;
    private long _readsReceived;
    private long _filesReceived;
    private long _filesWithAuthorization;
    private long _connectionsOpened;
    private long _internalErrors;

    internal EmulatorCounts()
    {
    }

    /// <summary>Creates received.</summary>
    public long Creates => Volatile.Read(ref _createsReceived);

    /// <summary>Tasks made by creates: what the real gateway would bill.</summary>
    public long TasksMade => Volatile.Read(ref _tasksMade);

    /// <summary>Reads of tasks received.</summary>
    public long Reads => Volatile.Read(ref _readsReceived);

    /// <summary>Downloads of results received.</summary>
    public long Files => Volatile.Read(ref _filesReceived);

    /// <summary>Downloads that carried an Authorization header, which none should.</summary>
    public long FilesWithAuthorization => Volatile.Read(ref _filesWithAuthorization);

    /// <summary>Answers with 401.</summary>
    public long Unauthorized => Answered(401);

    /// <summary>Answers with 429.</summary>
    public long TooManyRequests => Answered(429);

    /// <summary>Requests that got no answer, or no whole one: cut by a fault, or left by the client.</summary>
    public long Unanswered => Answered(0);

    /// <summary>Requests in flight now: creates, reads and downloads.</summary>
    public int InFlight => _requests.Now;

    public int MaxInFlight => _requests.Most;

    public int MaxCreatesInFlight => _creates.Most;

    public int MaxReadsInFlight => _reads.Most;

    public int MaxFilesInFlight => _files.Most;

    /// <summary>Connections open now.</summary>
    public int Connections => _connections.Now;

    public int MaxConnections => _connections.Most;

    /// <summary>Connections opened so far.</summary>
    public long ConnectionsOpened => Volatile.Read(ref _connectionsOpened);

    /// <summary>Defects of the emulator itself.</summary>
    public long InternalErrors => Volatile.Read(ref _internalErrors);

    /// <summary>Answers by HTTP status; 0 stands for none.</summary>
    public IReadOnlyDictionary<int, long> Answers =>
        Enumerable.Range(0, _answers.Length).Where(status => Answered(status) > 0).ToDictionary(status => status, Answered);

    /// <summary>How many requests got this HTTP status.</summary>
    public long Answered(int status) => Volatile.Read(ref _answers[status]);

    /// <summary>The last of <see cref="InternalErrors"/>, with its stack.</summary>
    public string? LastInternalError { get; private set; }

    internal void Enter(Operation operation)
    {
        _requests.Enter();
        GaugeOf(operation)?.Enter();
    }

    internal void Leave(Operation operation, int status)
    {
        Interlocked.Increment(ref _answers[(uint)status < _answers.Length ? status : 0]);
        GaugeOf(operation)?.Leave();
        _requests.Leave();
    }

    internal void CountCreate() => Interlocked.Increment(ref _createsReceived);

    internal void CountTask() => Interlocked.Increment(ref _tasksMade);

    internal void CountRead() => Interlocked.Increment(ref _readsReceived);

    internal void CountFile(bool withAuthorization)
    {
        Interlocked.Increment(ref _filesReceived);
        if (withAuthorization)
            Interlocked.Increment(ref _filesWithAuthorization);
    }

    internal void CountInternalError(Exception error)
    {
        Interlocked.Increment(ref _internalErrors);
        LastInternalError = error.ToString();
    }

    internal void Connected()
    {
        Interlocked.Increment(ref _connectionsOpened);
        _connections.Enter();
    }

    internal void Disconnected() => _connections.Leave();

    internal void Reset()
    {
        Array.Clear(_answers);
        foreach (var gauge in new[] { _requests, _creates, _reads, _files, _connections })
            gauge.Reset();
        _createsReceived = _tasksMade = _readsReceived = _filesReceived = _filesWithAuthorization = _connectionsOpened = _internalErrors = 0;
    }

    private Gauge? GaugeOf(Operation operation) => operation switch
    {
        Operation.Create => _creates,
        Operation.Read => _reads,
        Operation.File => _files,
        _ => null,
    };
}
