using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security;
using MidJourney.Downloads;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Sessions;

namespace MidJourney;

/// <summary>
/// A connection to the gateway: the key, the address, one limiter and one set of counters for all cmdlets and threads
/// that use it. It shows everything except the key.
/// </summary>
public sealed class MJSession : IDisposable
{
    private readonly GatewayClient _client;
    [SuppressMessage("Usage", "CA2213", Justification = "A token source without a timer holds nothing, and is still read after the session has ended.")]
    private readonly CancellationTokenSource _end = new();

    private readonly OutputDownloader _files;
    private readonly bool _wasOpened = true;
    private MJSession? _replacement;
    private int _ended;

    internal MJSession(SecureString apiKey, GatewayOptions options, TimeProvider? time = null)
    {
        Address = SubmissionKey.AddressOf(options.BaseUri);
        _client = new GatewayClient(new NetworkCredential("", apiKey).Password, options, time: time);
        _files = new OutputDownloader(options.Proxy, FileConnections.Max);
    }

    /// <summary>A session that was never opened: it shows what one with these options would use, and sends nothing.</summary>
    internal MJSession(GatewayOptions options) : this(new NetworkCredential("", Guid.NewGuid().ToString("N")).SecurePassword, options)
    {
        (_ended, _wasOpened) = (1, false);
        _client.Dispose();
        _files.Dispose();
        _end.Cancel();
    }

    /// <summary>The address of the gateway.</summary>
    public Uri BaseUri => _client.Options.BaseUri;

    /// <summary>The account that pays: the name from -Account or MIDJOURNEY_ACCOUNT, otherwise a fingerprint of the key; null until the journal is read.</summary>
    public string? Account => _wasOpened ? _client.Account : _client.Options.Account;

    /// <summary>The maximum number of requests in flight.</summary>
    public int ThrottleLimit => _client.Options.ThrottleLimit;

    /// <summary>The maximum number of requests per second; 0 for no limit.</summary>
    public double MaxRequestsPerSecond => _client.Options.MaxRequestsPerSecond;

    /// <summary>The time limit of one request, in seconds.</summary>
    public double RequestTimeoutSec => _client.Options.RequestTimeout.TotalSeconds;

    /// <summary>How long throttled requests are retried while none succeeds, and submissions while the gateway cannot be reached, in seconds; 0: no retries.</summary>
    public double RetryTimeoutSec => _client.Options.RetryTimeout.TotalSeconds;

    /// <summary>The file that records submissions; null if there is none.</summary>
    public string? JournalPath => _client.Options.Journal?.Path;

    /// <summary>How long work counts as recently paid, so that its task is returned instead of billed again.</summary>
    public TimeSpan DuplicateWindow => _client.Options.DuplicateWindow;

    /// <summary>The maximum that this session may spend, in US dollars; null for no limit.</summary>
    public decimal? MaxCost => _client.Options.Budget?.MaxCost;

    /// <summary>The price that is committed to each task at least, in US dollars; null if only known prices count.</summary>
    public decimal? AssumedCost => _client.Options.Budget?.AssumedCost;

    /// <summary>The cost of this session's tasks as far as the gateway has reported it, in US dollars; null without -MaxCost.</summary>
    public decimal? Spent => _client.Options.Budget?.Spent;

    /// <summary>What is committed to tasks whose cost is not known yet, in US dollars; null without -MaxCost.</summary>
    public decimal? Committed => _client.Options.Budget?.Committed;

    /// <summary>Submissions sent, including retries.</summary>
    public long Creates => _client.Counters.Creates;

    /// <summary>Tasks that the gateway has accepted; each is billed.</summary>
    public long Accepted => _client.Counters.Accepted;

    /// <summary>Reads sent, including retries.</summary>
    public long Reads => _client.Counters.Reads;

    /// <summary>Requests sent again after a failure.</summary>
    public long Repeats => _client.Counters.Repeats;

    /// <summary>Responses that asked to slow down.</summary>
    public long Throttled => _client.Counters.Throttled;

    /// <summary>Requests in flight now.</summary>
    public int InFlight => _client.Counters.InFlight;

    /// <summary>False after the session was removed, and if it was never opened.</summary>
    public bool IsOpen => Volatile.Read(ref _ended) == 0;

    /// <summary>
    /// Tasks that a cmdlet submitted, waited for or read, but did not write to the pipeline: oldest first. Pipe them
    /// into Wait-MJTask. Null if the session was never opened.
    /// </summary>
    public MJTask[]? Undelivered => _wasOpened ? Held.All : null;

    internal GatewayClient Client => _client;

    internal OutputDownloader Files => _files;

    /// <summary>Cancelled when the session is removed.</summary>
    internal CancellationToken Ended => _end.Token;

    internal KnownTasksNotice KnownTasks { get; } = new();

    internal RecentTasks Recent { get; } = new();

    /// <summary>The gateway's address, as written in the journal.</summary>
    internal string Address { get; }

    internal UndeliveredTasks Held { get; private set; } = new();

    /// <summary>Whether the last read was refused because of the key or the proxy's user.</summary>
    internal bool IsRefused { get; set; }

    /// <summary>The session that replaced this one after the key in the environment changed; otherwise itself.</summary>
    internal MJSession Latest => _replacement?.Latest ?? this;

    /// <summary>Replaces a session, which ends, and takes over its undelivered tasks.</summary>
    internal void Replace(MJSession former)
    {
        Held = former.Held;
        former._replacement = this;
        former.Dispose();
    }

    /// <summary>The task as one of this session.</summary>
    internal MJTask Own(MJTask task) => task with { BaseUri = Address, Account = task.Account ?? Account, Owner = new TaskOwner(this) };

    /// <summary>Holds an accepted task until it is written to the pipeline.</summary>
    internal void Keep(MJTask task)
    {
        Held.Hold(task);
        Recent.Note(task);
    }

    /// <summary>Sends no more requests; those in flight may still complete.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        _client.Dispose();
        Journals.Leave(_client.Options.Journal!);
        _files.Dispose();
        _end.Cancel();
    }

    /// <summary>The address.</summary>
    public override string ToString() => BaseUri.ToString();
}
