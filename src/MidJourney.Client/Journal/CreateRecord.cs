using MidJourney.Json;
using MidJourney.Pricing;

namespace MidJourney.Journal;

/// <summary>One create: decides whether it may be sent, claims it, and records its outcome, which this process knows even if the file cannot be written.</summary>
internal sealed class CreateRecord
{
    private readonly DuplicateGuard _guard;
    private readonly GuardContext _context;
    private readonly MJSubmission _submission;
    private readonly IGatewayObserver? _observer;
    private readonly byte[] _parameters, _source;
    private readonly string _baseUri;
    private readonly Guid _work;
    private ICollection<Guid> _others = [];
    private Guid? _match;
    private WorkKind? _kind;
    private string? _replaces, _otherAccount;
    private int _claimLines;
    private long _claimSeen;
    private bool _isClaimed;

    public CreateRecord(DuplicateGuard guard, GuardContext context, MJSubmission submission, IGatewayObserver? observer)
    {
        (_guard, _context, _submission, _observer, _baseUri) = (guard, context, submission, observer, SubmissionKey.AddressOf(context.BaseUri));
        (_parameters, _source) = (JournalLineWriter.Parameters(submission), JournalLineWriter.Source(submission));
        if (context.Redact is { } redact) (_parameters, _source) = (redact(_parameters), _source.Length == 0 ? _source : redact(_source));
        _work = SubmissionKey.WorkOf(_baseUri, submission.Model, _parameters);
    }

    private TaskJournal Journal => _context.Journal;

    internal Guid Ref { get; } = Guid.NewGuid();

    /// <summary>What the price depends on.</summary>
    public WorkKind Kind => _kind ??= WorkKind.Of(_submission.Model, _parameters);

    /// <summary>The last decision.</summary>
    public DuplicateAction Action { get; private set; }

    /// <summary>When the matching entry was created; null if there is none.</summary>
    public DateTimeOffset? KnownSince { get; private set; }

    public string? KnownTaskId { get; private set; }

    /// <summary>Four tasks of one prompt are the same work, and three that completed do not replace the one that failed. Only under <see cref="TaskJournal.SyncRoot"/>.</summary>
    internal void MatchOnlyAttemptsAt(Guid entry)
    {
        if (Journal.Index.Find(_work, entry) is >= 0 and var i)
            _others = new HashSet<Guid>(Journal.Index.OfWork(_work).Select(other => Journal.Index[other].Ref).Except(Journal.Index.Attempts(i)));
    }

    /// <summary>Decides what to do; only under <see cref="TaskJournal.SyncRoot"/>.</summary>
    public DuplicateAction Decide()
    {
        while (true)
        {
            var i = MatchedEntry();
            if (i < 0 && (i = MatchNewest(onlyNew: false)) < 0)
            {
                (_replaces, KnownSince, KnownTaskId) = (null, null, null);
                return Action = DuplicateAction.Submit;
            }
            Action = ActionOf(i);
            // Others may have made it meanwhile, to replace what is too old to be returned.
            if (Action != DuplicateAction.Submit || _context.Policy.Force || MatchNewest(onlyNew: true) < 0) return Action;
        }
    }

    /// <summary>Finds the known task, or waits while a living process sends the same work; null if the create may be sent, as far as is known before its turn.</summary>
    /// <param name="read">Reads a task at the gateway.</param>
    /// <param name="waiting">Ends what may take long: a read, and the wait for another process. What the journal knows is returned nevertheless.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    /// <exception cref="GatewayException">The create may not be sent: the outcome is unknown, or the content was refused.</exception>
    public async Task<MJTask?> FindAsync(Func<string, CancellationToken, Task<MJTask>> read, CancellationToken waiting, CancellationToken cancellationToken)
    {
        Guid? seen = null;
        while (true)
        {
            DuplicateAction action;
            Task changed;
            lock (Journal.SyncRoot) (action, changed) = (Decide(), Journal.Changed);
            switch (action)
            {
                case DuplicateAction.Submit:
                    return null;
                case DuplicateAction.Return when await KnownTaskAsync(cancellationToken).ConfigureAwait(false) is { } known:
                    return AsKnown(known);
                case DuplicateAction.Read when await KnownTaskAsync(cancellationToken).ConfigureAwait(false) is { } made:
                    // The journal could not be written, so reading the task again would not help.
                    if (seen == _match) return AsKnown(made);
                    seen = _match;
                    if (await ReadAsync(made, read, waiting).ConfigureAwait(false) is { } running) return AsKnown(running);
                    break;
                case DuplicateAction.Wait:
                    CheckClaimTimeout();
                    await Journal.WaitForChangeAsync(changed, waiting).ConfigureAwait(false);
                    break;
                case DuplicateAction.ReportUnknown:
                    throw await UnknownAsync(cancellationToken).ConfigureAwait(false);
                case DuplicateAction.ReportRefused:
                    throw await RefusedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Writes the claim to the device, before each time the create is sent.</summary>
    /// <returns>Whether it may be sent; otherwise <see cref="FindAsync"/> finds something new.</returns>
    /// <exception cref="GatewayException">The journal cannot be written, so nothing may be sent.</exception>
    public async Task<bool> ClaimAsync()
    {
        var isRepeat = false;
        _isClaimed = await Journal.ClaimAsync(Name, () => JournalLineWriter.Submitting(Create(), isRepeat ? null : _replaces, Journal.Time.GetUtcNow()), MaySubmit).ConfigureAwait(false);
        if (_isClaimed) _guard.OtherAccount ??= _otherAccount;
        return _isClaimed;

        // While it waited to be sent again, another create may have replaced it.
        bool MaySubmit() => (isRepeat = Journal.Index.FindOpen(Ref) >= 0) || Decide() == DuplicateAction.Submit;
    }

    public Task WithdrawnAsync() => CloseAsync(() => JournalLineWriter.NotCreated(Name, null, Journal.Time.GetUtcNow()));

    public Task FailedAsync(GatewayException error)
    {
        if (_isClaimed && error.Kind == GatewayErrorKind.SubmitOutcomeUnknown) error.SubmissionId = Name;
        return CloseAsync(() => error.Kind == GatewayErrorKind.SubmitOutcomeUnknown
            ? JournalLineWriter.Unknown(Create(), error, Journal.Time.GetUtcNow())
            : JournalLineWriter.NotCreated(Name, error, Journal.Time.GetUtcNow()));
    }

    public Task CreatedAsync(MJTask task) => CloseAsync(() => JournalLineWriter.Created(Create(), task, Journal.Time.GetUtcNow()));

    private string Name => Ref.ToString("N");

    private string? MatchName => _match?.ToString("N");

    private JournalCreate Create() => new(Name, _work, _baseUri, _context.Account(), _submission.Model, _parameters, _source);

    private async Task CloseAsync(Func<byte[]> line)
    {
        if (!_isClaimed) return;
        _isClaimed = false;
        await Journal.WriteAsync(line(), _observer).ConfigureAwait(false);
    }

    private DuplicateAction ActionOf(int i)
    {
        ref var entry = ref Journal.Index[i];
        var id = Journal.Index.TaskIdOf(entry);
        (KnownSince, KnownTaskId) = (entry.CreatedAt, id.Length > 0 ? id : null);
        _replaces = entry.IsOpen ? entry.Ref.ToString("N") : KnownTaskId;
        var now = Journal.Time.GetUtcNow();
        return DuplicateRules.Of(entry.State, IsAlive(i, now), now - entry.WindowStart, _context.Policy);
    }

    private int MatchNewest(bool onlyNew)
    {
        var i = _guard.MatchNewest(_work, onlyNew, _others, out var otherAccount);
        _otherAccount = otherAccount ?? _otherAccount;
        if (i >= 0) _match = Journal.Index[i].Ref;
        else if (!onlyNew) _match = null;
        return i;
    }

    /// <summary>The entry that this record was matched with; -1 if it no longer counts.</summary>
    private int MatchedEntry()
    {
        var i = _match is { } name ? Journal.Index.Find(_work, name) : -1;
        return i >= 0 && DuplicateGuard.CanMatch(Journal.Index[i].State) ? i : -1;
    }

    /// <summary>Whether the process that sends an entry may still run. A process of another machine counts as running for as long as a create may take.</summary>
    private bool IsAlive(int index, DateTimeOffset now)
    {
        if (Journal.Index[index].State != EntryState.Sending || Journal.Index.ClaimOf(index) is not { Process: { } process } claim) return false;
        return !(process.HasExited() ?? now - claim.LastTime >= _context.ClaimTimeout);
    }

    private async Task<MJTask?> KnownTaskAsync(CancellationToken cancellationToken) =>
        _match is { } name ? await Journal.TaskOfAsync(_work, name, cancellationToken).ConfigureAwait(false) : null;

    private MJTask AsKnown(MJTask task)
    {
        _observer?.Note(ClientMessages.AlreadySubmitted(_submission, task));
        return task with
        {
            IsKnown = true,
            BaseUri = _baseUri,
            Account = task.Account ?? _context.Account(),
            Origin = (task.Origin with { Model = _submission.Model }).Or(_submission.Origin),
        };
    }

    /// <summary>Reads a task whose end is not recorded, and records it.</summary>
    /// <returns>The task if it is running, or cannot be read; null to decide again.</returns>
    private async Task<MJTask?> ReadAsync(MJTask made, Func<string, CancellationToken, Task<MJTask>> read, CancellationToken cancellationToken)
    {
        try
        {
            var seen = (await read(made.Id, cancellationToken).ConfigureAwait(false)).WithOriginOf(made);
            if (!seen.IsEnded()) return seen;
            await Journal.RecordEndedAsync(seen, _context.BaseUri, MatchName).ConfigureAwait(false);
            return null;
        }
        catch (GatewayException e) when (e.Kind == GatewayErrorKind.TaskNotFound)
        {
            await Journal.RecordGoneAsync(made.Id, _context.BaseUri, made.Account, MatchName).ConfigureAwait(false);
            return null;
        }
        catch (GatewayException e) when (!ErrorKinds.AppliesToAll(e))
        {
            // It was created, and its end is not recorded: that is enough not to pay again.
            _observer?.Note(e.Message);
            return made;
        }
    }

    /// <summary>Each new line of the process that sends it extends the time.</summary>
    private void CheckClaimTimeout()
    {
        int lines;
        lock (Journal.SyncRoot) lines = MatchedEntry() is >= 0 and var i ? Journal.Index.ClaimOf(i)?.Lines ?? 0 : 0;
        // It is no longer being sent, so there is something new to find.
        if (lines == 0) return;
        if (lines != _claimLines) (_claimLines, _claimSeen) = (lines, Journal.Time.GetTimestamp());
        else if (Journal.Time.GetElapsedTime(_claimSeen) >= _context.ClaimTimeout)
            throw new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, ClientMessages.SubmittingElsewhere(_submission, KnownSince!.Value)) { SubmissionId = MatchName };
    }

    private async Task<GatewayException> UnknownAsync(CancellationToken cancellationToken)
    {
        var task = await KnownTaskAsync(cancellationToken).ConfigureAwait(false);
        var id = task is { Id.Length: > 0 } ? task.Id : null;
        return new GatewayException(GatewayErrorKind.SubmitOutcomeUnknown, ClientMessages.PreviousOutcomeUnknown(_submission, KnownSince ?? default, id)) { ProbableTaskId = id, SubmissionId = MatchName };
    }

    private async Task<GatewayException> RefusedAsync(CancellationToken cancellationToken)
    {
        var task = await KnownTaskAsync(cancellationToken).ConfigureAwait(false);
        return new GatewayException(GatewayErrorKind.ContentRefused, ClientMessages.ContentRefusedBefore(_submission, KnownSince ?? default, task?.Error)) { Error = task?.Error };
    }
}
