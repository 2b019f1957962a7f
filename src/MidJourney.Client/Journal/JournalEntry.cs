using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>What the journal's lines so far say about a create.</summary>
internal enum EntryState : byte
{
    /// <summary>Certainly not created, so there is no entry.</summary>
    None,

    /// <summary>A process is about to send it, or ended while it sent it.</summary>
    Sending,

    /// <summary>It may have been created and billed.</summary>
    Unknown,

    /// <summary>Created; its end is not recorded.</summary>
    Accepted,

    Completed,

    /// <summary>Failed or cancelled: the user wants it to be made again.</summary>
    Failed,

    /// <summary>Failed because the content was refused: it would fail again.</summary>
    ContentRefused,

    /// <summary>The gateway no longer has the task.</summary>
    Gone,
}

/// <summary>The names of end states in the journal.</summary>
internal static class EntryStates
{
    public static EntryState OfEnd(MJTask? task) => task switch
    {
        null => EntryState.Failed,
        { Status: MJTaskStatus.Completed } => EntryState.Completed,
        { Status: MJTaskStatus.Failed or MJTaskStatus.Cancelled } when ContentRefusal.Is(task) => EntryState.ContentRefused,
        { Status: MJTaskStatus.Failed or MJTaskStatus.Cancelled } => EntryState.Failed,
        // The status word is not known.
        _ => task.Url is null ? EntryState.Failed : EntryState.Completed,
    };

    public static string NameOf(EntryState state) => state switch
    {
        EntryState.Completed => "completed",
        EntryState.ContentRefused => "contentRefused",
        _ => "failed",
    };

    public static EntryState Of(string? name) => name switch
    {
        "completed" => EntryState.Completed,
        "contentRefused" => EntryState.ContentRefused,
        "failed" => EntryState.Failed,
        _ => EntryState.None,
    };
}

/// <summary>One create in the index: what the duplicate rules need, and where the rest is in the file. Small, because a journal may hold a million.</summary>
internal struct JournalEntry
{
    public Guid Ref;
    public Guid Work;

    /// <summary>The position of the line that has the parameters. Negative: the complement of a position in memory.</summary>
    public long At;

    /// <summary>The position of the newest line about the outcome; the same as <see cref="At"/> if there is none.</summary>
    public long EndAt;

    /// <summary>Where the index keeps the task id; see <see cref="JournalIndex.TaskIdOf"/>.</summary>
    public int IdAt;
    public ushort IdLength;
    public EntryState State;

    /// <summary>This process wrote it, and writes it again if the file loses it.</summary>
    public bool IsOwn;

    /// <summary>Seconds since 1970.</summary>
    public uint Created;
    public uint Ended;
    public ushort BaseUri;
    public ushort Account;
    public ushort Model;

    /// <summary>The number of its kind of work in the price history until its price is known; then, and if it is not known, 0.</summary>
    public ushort Kind;

    public int NextOfWork;
    public int NextOfTask;

    public readonly bool IsOpen => State is EntryState.Sending or EntryState.Unknown;

    public readonly bool HasEnded => State is EntryState.Completed or EntryState.Failed or EntryState.ContentRefused or EntryState.Gone;

    public readonly DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeSeconds(Created);

    /// <summary>When the duplicate window starts: at the end if it is recorded, otherwise at the create.</summary>
    public readonly DateTimeOffset WindowStart => DateTimeOffset.FromUnixTimeSeconds(Ended > 0 ? Ended : Created);
}

/// <summary>The claim of a create whose outcome is not known.</summary>
/// <param name="Entry">The create.</param>
/// <param name="Process">Who sends it; null if the line does not say.</param>
/// <param name="Lines">The number of lines about it: a process that retries writes another.</param>
/// <param name="LastTime">The time of the newest of them.</param>
internal sealed record JournalClaim(int Entry, ProcessIdentity? Process, int Lines, DateTimeOffset LastTime);
