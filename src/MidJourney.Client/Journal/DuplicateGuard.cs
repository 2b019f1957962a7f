namespace MidJourney.Journal;

/// <summary>
/// Keeps the creates of one command from paying for work twice. The n-th record of one work is matched with the n-th newest
/// entry of the journal, so that four records of one prompt make four, and once more return those four.
/// </summary>
internal sealed class DuplicateGuard
{
    private readonly HashSet<Guid> _taken = [];
    private readonly Dictionary<Guid, Guid[]> _met = [];
    private readonly GuardContext _context;

    public DuplicateGuard(GuardContext context) => _context = context;

    public TaskJournal Journal => _context.Journal;

    /// <summary>Another account that the same work was made under, so that it will be made for this one; null for none.</summary>
    public string? OtherAccount { get; internal set; }

    /// <summary>Begins the record of one create. Answered from memory: it never waits.</summary>
    public CreateRecord Begin(MJSubmission submission, IGatewayObserver? observer)
    {
        var record = new CreateRecord(this, _context, submission, observer);
        lock (Journal.Locked)
        {
            // So that it is not matched with another record of this command.
            _taken.Add(record.Ref);
            record.Decide();
        }
        return record;
    }

    /// <summary>The newest entry of the work that no other record of this command was matched with; -1 for none.</summary>
    /// <param name="work">The work.</param>
    /// <param name="onlyNew">Only what another process made since this command first met the work.</param>
    /// <param name="otherAccount">An account that an entry was passed over for; null for none.</param>
    internal int TakeNewest(Guid work, bool onlyNew, out string? otherAccount)
    {
        otherAccount = null;
        if (!_met.TryGetValue(work, out var met)) _met[work] = met = [.. Journal.Index.OfWork(work).Select(i => Journal.Index[i].Ref)];
        var (refused, unnamed, account, ofKey) = (-1, -1, _context.Account(), _context.Fingerprint());
        foreach (var i in Journal.Index.OfWork(work))
        {
            ref var entry = ref Journal.Index[i];
            if (_taken.Contains(entry.Ref) || !CanMatch(entry.State) || (onlyNew && met.Contains(entry.Ref))) continue;
            if (!Journal.Index.IsOfAccount(entry, account))
            {
                // What this very key paid for before its account had a name is the account's as well.
                if (ofKey is null || !Journal.Index.IsOfAccount(entry, ofKey)) otherAccount ??= Journal.Index.NameAt(entry.Account);
                else if (entry.State != EntryState.ContentRefused) unnamed = unnamed < 0 ? i : unnamed;
                else refused = refused < 0 ? i : refused;
                continue;
            }
            // What is there is worth more than the word that it was refused at another time.
            if (entry.State == EntryState.ContentRefused) refused = refused < 0 ? i : refused;
            else return Take(i);
        }
        return unnamed >= 0 ? Take(unnamed) : refused < 0 ? -1 : Take(refused);
    }

    internal static bool CanMatch(EntryState state) => state is not (EntryState.None or EntryState.Failed or EntryState.Gone);

    private int Take(int index)
    {
        _taken.Add(Journal.Index[index].Ref);
        return index;
    }
}

/// <summary>What all creates of a command have in common.</summary>
/// <param name="Journal">What was paid.</param>
/// <param name="BaseUri">The gateway.</param>
/// <param name="Account">The account; gives null while it is not known.</param>
/// <param name="Fingerprint">The account of its key, where it has no name; gives null while it is not known.</param>
/// <param name="Policy">What the user said.</param>
/// <param name="Patience">For how long a living process may send a create before its outcome counts as unknown.</param>
/// <param name="Redact">Takes the key out of JSON; null where there is no key yet.</param>
internal sealed record GuardContext(TaskJournal Journal, Uri BaseUri, Func<string?> Account, Func<string?> Fingerprint, DuplicatePolicy Policy, TimeSpan Patience, Func<byte[], byte[]>? Redact);
