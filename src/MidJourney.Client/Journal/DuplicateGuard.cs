namespace MidJourney.Journal;

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
    public CreateRecord Begin(MJSubmission submission, IGatewayObserver? observer)
    {
        var record = new CreateRecord(this, context, submission, observer);
        lock (Journal.SyncRoot)
        {
            // No other record of this command may match it.
            _matched.Add(record.Ref);
            record.Decide();
        }
        return record;
    }

    /// <summary>The newest entry of the work that no other record of this command was matched with; -1 for none.</summary>
    /// <param name="work">The work.</param>
    /// <param name="onlyNew">Only entries that others added after this command first met the work.</param>
    /// <param name="otherAccount">The account of an entry that was skipped; null for none.</param>
    internal int MatchNewest(Guid work, bool onlyNew, out string? otherAccount)
    {
        otherAccount = null;
        if (!_atFirst.TryGetValue(work, out var atFirst)) _atFirst[work] = atFirst = [.. Journal.Index.OfWork(work).Select(i => Journal.Index[i].Ref)];
        var (refused, unnamed, account, ofKey) = (-1, -1, context.Account(), context.Fingerprint());
        foreach (var i in Journal.Index.OfWork(work))
        {
            ref var entry = ref Journal.Index[i];
            if (_matched.Contains(entry.Ref) || !CanMatch(entry.State) || (onlyNew && atFirst.Contains(entry.Ref))) continue;
            var isRefused = entry.State == EntryState.ContentRefused;
            if (Journal.Index.IsOfAccount(entry, account))
            {
                // An existing task is better than a refusal at another time.
                if (!isRefused) return Match(i);
                refused = refused < 0 ? i : refused;
            }
            // What the same key paid for before its account had a name belongs to the account as well.
            else if (ofKey is null || !Journal.Index.IsOfAccount(entry, ofKey)) otherAccount ??= Journal.Index.NameAt(entry.Account);
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
