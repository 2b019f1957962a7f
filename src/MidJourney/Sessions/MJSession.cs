using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security;
using MidJourney.Downloads;
using MidJourney.Gateway;
using MidJourney.Journal;
using MidJourney.Sessions;

namespace MidJourney;

/// <summary>
/// A connection to the gateway: the key, the address, one limiter and one set of counters for every cmdlet and thread
/// that uses it. It shows everything but the key.
/// </summary>
public sealed class MJSession : IDisposable
{
    private readonly GatewayClient _client;
    [SuppressMessage("Usage", "CA2213", Justification = "A token source without a timer holds nothing, and whoever uses the session still looks at it.")]
    private readonly CancellationTokenSource _end = new();

    private readonly OutputDownloader _files;
    private MJSession? _replacement;
    private int _ended;

    internal MJSession(SecureString apiKey, GatewayOptions options)
    {
        Address = SubmissionKey.AddressOf(options.BaseUri);
        _client = new GatewayClient(new NetworkCredential("", apiKey).Password, options);
        _files = new OutputDownloader(options.Proxy, FileConnections.Most);
    }

    /// <summary>Where the gateway is.</summary>
    public Uri BaseUri => _client.Options.BaseUri;

    /// <summary>The account that its tasks belong to: the name from -Account or MIDJOURNEY_ACCOUNT, else a fingerprint of the key; null until the journal has told that.</summary>
    public string? Account => _client.Account;

    /// <summary>Requests in flight at once, at most.</summary>
    public int ThrottleLimit => _client.Options.ThrottleLimit;

    /// <summary>Requests a second, at most; 0 for no cap.</summary>
    public double MaxRequestsPerSecond => _client.Options.MaxRequestsPerSecond;

    /// <summary>Seconds one request may take.</summary>
    public double RequestTimeoutSec => _client.Options.RequestTimeout.TotalSeconds;

    /// <summary>Seconds for which requests that the gateway puts off are repeated while none gets through.</summary>
    public double RetryTimeoutSec => _client.Options.RetryTimeout.TotalSeconds;

    /// <summary>The file in which creates are written down; null when none is kept.</summary>
    public string? JournalPath => _client.Options.Journal?.Path;

    /// <summary>For how long work counts as just paid, so that its task is returned instead of paid again.</summary>
    public TimeSpan DuplicateWindow => _client.Options.DuplicateWindow;

    /// <summary>Creates sent, repeats included.</summary>
    public long Creates => _client.Counters.Creates;

    /// <summary>Tasks the gateway has accepted; each is paid.</summary>
    public long Accepted => _client.Counters.Accepted;

    /// <summary>Reads sent, repeats included.</summary>
    public long Reads => _client.Counters.Reads;

    /// <summary>Requests sent again after they did not succeed.</summary>
    public long Repeats => _client.Counters.Repeats;

    /// <summary>Answers that asked to slow down.</summary>
    public long Throttled => _client.Counters.Throttled;

    /// <summary>Requests under way now.</summary>
    public int InFlight => _client.Counters.InFlight;

    /// <summary>False once the session was removed.</summary>
    public bool IsOpen => Volatile.Read(ref _ended) == 0;

    /// <summary>
    /// Tasks that a cmdlet accepted, waited for or read, and did not write to the pipeline before that ended: oldest first. Pipe them
    /// into Wait-MJTask.
    /// </summary>
    public MJTask[] Undelivered => Held.All;

    internal GatewayClient Client => _client;

    /// <summary>Downloads results, over connections that are kept.</summary>
    internal OutputDownloader Files => _files;

    /// <summary>Is cancelled when the session is removed.</summary>
    internal CancellationToken Ended => _end.Token;

    /// <summary>Says that tasks were returned instead of paid again.</summary>
    internal KnownTasksNotice KnownTasks { get; } = new();

    /// <summary>What it dealt with last.</summary>
    internal RecentTasks Recent { get; } = new();

    /// <summary>The gateway's address as the journal writes it.</summary>
    internal string Address { get; }

    /// <summary>What was not delivered, or is not yet.</summary>
    internal UndeliveredTasks Held { get; private set; } = new();

    /// <summary>Whether the gateway, or a proxy, refused its key or user when it was last used to read a task.</summary>
    internal bool IsRefused { get; set; }

    /// <summary>The session that is used in its place since the key in the environment changed; itself where there is none.</summary>
    internal MJSession Latest => _replacement?.Latest ?? this;

    /// <summary>Takes the place of a session, which ends, and takes over what that did not deliver.</summary>
    internal void Replace(MJSession former)
    {
        Held = former.Held;
        former._replacement = this;
        former.Dispose();
    }

    /// <summary>A task as one that this session made or reads.</summary>
    internal MJTask Own(MJTask task) => task with { BaseUri = Address, Account = task.Account ?? Account, Owner = new TaskOwner(this) };

    /// <summary>Keeps a task that was accepted until it is written to the pipeline.</summary>
    internal void Keep(MJTask task)
    {
        Held.Hold(task);
        Recent.Note(task);
    }

    /// <summary>Sends no more requests; what is under way may still be answered.</summary>
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
