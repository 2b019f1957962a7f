namespace MidJourney.Journal;

/// <summary>The user's switches for work that was paid before.</summary>
/// <param name="Force">Pay again, whatever is known.</param>
/// <param name="SkipSubmitted">Return completed work of any age.</param>
/// <param name="RetryUnknown">Pay again if the outcome is unknown.</param>
/// <param name="Window">How long completed work is returned; zero for not at all.</param>
internal readonly record struct DuplicatePolicy(bool Force, bool SkipSubmitted, bool RetryUnknown, TimeSpan Window)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(24);

    /// <summary>Failed tasks are made again: each once, however long ago that was. Unlike <see cref="SkipSubmitted"/>, this works without a file.</summary>
    public bool IsRestart { get; init; }
}

/// <summary>What to do with a record.</summary>
internal enum DuplicateAction
{
    /// <summary>Send it, and pay.</summary>
    Submit,

    /// <summary>Return the known task.</summary>
    Return,

    /// <summary>Read the known task once, which is free, and decide again.</summary>
    Read,

    /// <summary>Wait for the next line of the process that is sending it.</summary>
    Wait,

    /// <summary>Report that the outcome is unknown; send nothing.</summary>
    ReportUnknown,

    /// <summary>Report that the content was refused; send nothing.</summary>
    ReportRefused,
}

/// <summary>Judges duplicates: decides what to do with a record that has an entry in the journal. Nothing else does.</summary>
internal static class DuplicateRules
{
    /// <param name="state">The state of the entry.</param>
    /// <param name="isAlive">Whether the process that sends it may still run.</param>
    /// <param name="age">The time since <see cref="JournalEntry.WindowStart"/>.</param>
    /// <param name="policy">The user's switches.</param>
    public static DuplicateAction Of(EntryState state, bool isAlive, TimeSpan age, DuplicatePolicy policy)
    {
        if (policy.Force) return DuplicateAction.Submit;
        // A time in the future is from another clock, and counts as now.
        var isInWindow = (age > TimeSpan.Zero ? age : TimeSpan.Zero) < policy.Window;
        return state switch
        {
            EntryState.Sending when isAlive => DuplicateAction.Wait,
            EntryState.Sending or EntryState.Unknown => policy.RetryUnknown ? DuplicateAction.Submit : DuplicateAction.ReportUnknown,
            EntryState.Accepted => isInWindow ? DuplicateAction.Return : DuplicateAction.Read,
            EntryState.Completed => isInWindow || policy.SkipSubmitted || policy.IsRestart ? DuplicateAction.Return : DuplicateAction.Submit,
            EntryState.ContentRefused => DuplicateAction.ReportRefused,
            _ => DuplicateAction.Submit,
        };
    }
}

/// <summary>
/// Prevents one command from paying for the same work twice. The n-th record of one work is matched with the n-th newest entry of the journal, so that
/// four records of one prompt create four tasks, and return those four the next time.
/// </summary>
internal sealed class DuplicateGuard(GuardContext context)
{
    private readonly HashSet<Guid> _matched = [];
    private readonly Dictionary<Guid, Guid[]> _atFirst = [];

    public TaskJournal Journal => context.Journal;

    /// <summary>Another account that has the same work, which is submitted again for this one; null for none.</summary>
    public string? OtherAccount { get; internal set; }

    /// <summary>Starts the record of one create, with a decision from memory: it never waits.</summary>
    /// <param name="submission">What is to be created.</param>
    /// <param name="observer">Receives what is noted.</param>
    /// <param name="repeated">The entry that it makes again, so that only later attempts at that entry match it; null for none.</param>
    public CreateRecord Begin(MJSubmission submission, IGatewayObserver? observer, Guid? repeated = null)
    {
        var record = new CreateRecord(this, context, submission, observer);
        lock (Journal.SyncRoot)
        {
            // No other record of this command may match it.
            _matched.Add(record.Ref);
            if (repeated is { } entry) record.MatchOnlyAttemptsAt(entry);
            record.Decide();
        }
        return record;
    }

    /// <summary>The newest entry of the work that no other record of this command was matched with; -1 for none.</summary>
    /// <param name="work">The work.</param>
    /// <param name="onlyNew">Only entries that others added after this command first met the work.</param>
    /// <param name="others">Entries of other tasks of the same work.</param>
    /// <param name="otherAccount">The account of an entry that was skipped; null for none.</param>
    internal int MatchNewest(Guid work, bool onlyNew, ICollection<Guid> others, out string? otherAccount)
    {
        otherAccount = null;
        if (!_atFirst.TryGetValue(work, out var atFirst)) _atFirst[work] = atFirst = [.. Journal.Index.OfWork(work).Select(i => Journal.Index[i].Ref)];
        var (refused, unnamed) = (-1, -1);
        foreach (var i in Journal.Index.OfWork(work))
        {
            ref var entry = ref Journal.Index[i];
            if (_matched.Contains(entry.Ref) || !CanMatch(entry.State) || (onlyNew && atFirst.Contains(entry.Ref)) || others.Contains(entry.Ref)) continue;
            var isRefused = entry.State == EntryState.ContentRefused;
            if (Journal.Index.IsOfAccount(entry, context.Account()))
            {
                // An existing task is better than a refusal at another time.
                if (!isRefused) return Match(i);
                refused = refused < 0 ? i : refused;
            }
            // What the same key paid for before its account had a name belongs to the account as well.
            else if (context.Fingerprint() is not { } ofKey || !Journal.Index.IsOfAccount(entry, ofKey)) otherAccount ??= Journal.Index.NameAt(entry.Account);
            else if (isRefused) refused = refused < 0 ? i : refused;
            else unnamed = unnamed < 0 ? i : unnamed;
        }
        return unnamed >= 0 ? Match(unnamed) : refused >= 0 ? Match(refused) : -1;
    }

    internal static bool CanMatch(EntryState state) => state is not (EntryState.None or EntryState.Failed or EntryState.Gone);

    private int Match(int index)
    {
        _matched.Add(Journal.Index[index].Ref);
        return index;
    }
}

/// <summary>What all creates of a command have in common.</summary>
/// <param name="Journal">The record of what was paid.</param>
/// <param name="BaseUri">The gateway.</param>
/// <param name="Account">Gets the account; null while it is not known.</param>
/// <param name="Fingerprint">Gets the account that the key has without a name; null while it is not known.</param>
/// <param name="Policy">The user's switches.</param>
/// <param name="ClaimTimeout">How long a living process may send a create before the outcome counts as unknown.</param>
/// <param name="Redact">Removes the key from JSON; null while there is no key.</param>
internal sealed record GuardContext(
    TaskJournal Journal, Uri BaseUri, Func<string?> Account, Func<string?> Fingerprint, DuplicatePolicy Policy, TimeSpan ClaimTimeout, Func<byte[], byte[]>? Redact);
