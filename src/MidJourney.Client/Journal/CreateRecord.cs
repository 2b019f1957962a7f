using MidJourney.Json;

namespace MidJourney.Journal;

/// <summary>One create: whether it may be made, and what came of it. What it writes down is known to the process even where the file cannot be written.</summary>
internal sealed class CreateRecord
{
    private readonly DuplicateGuard _guard;
    private readonly GuardContext _context;
    private readonly MJSubmission _submission;
    private readonly IGatewayObserver? _observer;
    private readonly byte[] _parameters, _source;
    private readonly string _baseUri;
    private readonly Guid _work;
    private Guid? _match;
    private string? _replaces, _otherAccount;
    private int _lines;
    private long _since;
    private bool _isClaimed;

    public CreateRecord(DuplicateGuard guard, GuardContext context, MJSubmission submission, IGatewayObserver? observer)
    {
        (_guard, _context, _submission, _observer, _baseUri) = (guard, context, submission, observer, SubmissionKey.AddressOf(context.BaseUri));
        (_parameters, _source) = (JournalText.Parameters(submission), JournalText.Source(submission));
        if (context.Redact is { } redact) (_parameters, _source) = (redact(_parameters), _source.Length == 0 ? _source : redact(_source));
        _work = SubmissionKey.WorkOf(_baseUri, submission.Model, _parameters);
    }

    private TaskJournal Journal => _context.Journal;

    /// <summary>Names it in the journal.</summary>
    internal Guid Ref { get; } = Guid.NewGuid();

    /// <summary>What is to be done, as it was last decided.</summary>
    public DuplicateAction Action { get; private set; }

    /// <summary>When the work was made before that is matched with; null where there is none.</summary>
    public DateTimeOffset? KnownSince { get; private set; }

    /// <summary>The task that is matched with, as far as its id is known.</summary>
    public string? KnownTaskId { get; private set; }

    /// <summary>Decides what is to be done; under the journal's lock.</summary>
    public DuplicateAction Decide()
    {
        while (true)
        {
            var i = MatchIndex();
            if (i < 0 && (i = Take(onlyNew: false)) < 0)
            {
                (_replaces, KnownSince, KnownTaskId) = (null, null, null);
                return Action = DuplicateAction.Make;
            }
            Action = ActionOf(i);
            // Others may have made it meanwhile, instead of what is too old to be returned.
            if (Action != DuplicateAction.Make || _context.Policy.Force || Take(onlyNew: true) < 0) return Action;
        }
    }

    /// <summary>Finds what is there already; waits where a living process sends it just now.</summary>
    /// <param name="read">Reads a task once.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The known task; null where it may be made, as far as can be told before its turn.</returns>
    /// <exception cref="GatewayException">Nothing is to be made: the outcome is unknown, or the content was refused.</exception>
    public async Task<MJTask?> FindAsync(Func<string, CancellationToken, Task<MJTask>> read, CancellationToken cancellationToken)
    {
        Guid? seen = null;
        while (true)
        {
            DuplicateAction action;
            Task changed;
            lock (Journal.Locked) (action, changed) = (Decide(), Journal.Changed);
            switch (action)
            {
                case DuplicateAction.Make:
                    return null;
                case DuplicateAction.Return when await KnownTaskAsync(cancellationToken).ConfigureAwait(false) is { } known:
                    return Returned(known);
                case DuplicateAction.Read when await KnownTaskAsync(cancellationToken).ConfigureAwait(false) is { } made:
                    // What came of it could not be written down; reading it again and again would not help.
                    if (seen == _match) return Returned(made);
                    seen = _match;
                    if (await ReadAsync(made, read, cancellationToken).ConfigureAwait(false) is { } running) return Returned(running);
                    break;
                case DuplicateAction.Wait:
                    CheckPatience();
                    await Journal.ChangedAsync(changed, cancellationToken).ConfigureAwait(false);
                    break;
                case DuplicateAction.ReportUnknown:
                    throw await UnknownAsync(cancellationToken).ConfigureAwait(false);
                case DuplicateAction.ReportRefused:
                    throw await RefusedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Claims the create, on the device, before it is sent; each time it is sent.</summary>
    /// <returns>Whether it may be sent; otherwise there is something new to find.</returns>
    /// <exception cref="GatewayException">The journal cannot be written, so nothing may be sent.</exception>
    public async Task<bool> ClaimAsync()
    {
        var stands = false;
        _isClaimed = await Journal.ClaimAsync(() => JournalText.Submitting(Create(), stands ? null : _replaces, Journal.Time.GetUtcNow()), MayMake).ConfigureAwait(false);
        if (_isClaimed) _guard.OtherAccount ??= _otherAccount;
        return _isClaimed;

        // While it waited to be repeated, somebody may have made another in its place.
        bool MayMake() => (stands = Journal.Index.FindOpen(Ref) >= 0) || Decide() == DuplicateAction.Make;
    }

    /// <summary>It was not sent, or was not accepted, and nobody waits for it any more.</summary>
    public Task WithdrawnAsync() => CloseAsync(() => JournalText.NotMade(Name, null, Journal.Time.GetUtcNow()));

    /// <summary>It failed: with an unknown outcome, or certainly.</summary>
    public Task FailedAsync(GatewayException error)
    {
        if (_isClaimed && error.Kind == GatewayErrorKind.SubmitOutcomeUnknown) error.SubmissionId = Name;
        return CloseAsync(() => error.Kind == GatewayErrorKind.SubmitOutcomeUnknown
            ? JournalText.Unknown(Create(), error, Journal.Time.GetUtcNow())
            : JournalText.NotMade(Name, error, Journal.Time.GetUtcNow()));
    }

    /// <summary>It was accepted.</summary>
    public Task CreatedAsync(MJTask task) => CloseAsync(() => JournalText.Created(Create(), task, Journal.Time.GetUtcNow()));

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
        var id = JournalText.Utf8(Journal.Index.TaskIdOf(entry));
        (KnownSince, KnownTaskId) = (entry.CreatedAt, id.Length > 0 ? id : null);
        _replaces = entry.IsOpen ? entry.Ref.ToString("N") : KnownTaskId;
        var now = Journal.Time.GetUtcNow();
        return DuplicateRules.Of(entry.State, IsAlive(i, now), now - entry.Since, _context.Policy);
    }

    private int Take(bool onlyNew)
    {
        var i = _guard.TakeNewest(_work, onlyNew, out var otherAccount);
        _otherAccount = otherAccount ?? _otherAccount;
        if (i >= 0) _match = Journal.Index[i].Ref;
        else if (!onlyNew) _match = null;
        return i;
    }

    /// <summary>The entry that this record was matched with; -1 where it counts no more.</summary>
    private int MatchIndex()
    {
        var i = _match is { } name ? Journal.Index.Find(_work, name) : -1;
        return i >= 0 && DuplicateGuard.CanMatch(Journal.Index[i].State) ? i : -1;
    }

    /// <summary>Whether the process that sends an entry may still live. Of one on another machine nobody can tell, so it is given the time that a create may take.</summary>
    private bool IsAlive(int index, DateTimeOffset now)
    {
        if (Journal.Index[index].State != EntryState.Sending || Journal.Index.ClaimOf(index) is not { By: { } by } claim) return false;
        return by.HasEnded() switch { true => false, false => true, null => now - claim.Last < _context.Patience };
    }

    private async Task<MJTask?> KnownTaskAsync(CancellationToken cancellationToken) =>
        _match is { } name ? await Journal.TaskOfAsync(_work, name, cancellationToken).ConfigureAwait(false) : null;

    private MJTask Returned(MJTask task)
    {
        _observer?.Note(ClientMessages.AlreadySubmitted(_submission, task));
        return task with
        {
            IsKnown = true,
            Model = _submission.Model,
            BaseUri = _baseUri,
            Account = task.Account ?? _context.Account(),
            SourceJobId = task.SourceJobId ?? _submission.SourceJobId,
            SourceImageNo = task.SourceImageNo ?? _submission.SourceImageNo,
            UpscaleType = task.UpscaleType ?? _submission.UpscaleType,
            Prompt = task.Prompt ?? _submission.Prompt,
            SourceTaskId = task.SourceTaskId ?? _submission.SourceTaskId,
            SourcePrompt = task.SourcePrompt ?? _submission.SourcePrompt,
        };
    }

    /// <summary>Reads a task that was not seen to end, and writes down what there is to say.</summary>
    /// <returns>The task where it is still running, or could not be read; null where it is to be decided on again.</returns>
    private async Task<MJTask?> ReadAsync(MJTask made, Func<string, CancellationToken, Task<MJTask>> read, CancellationToken cancellationToken)
    {
        try
        {
            var seen = (await read(made.Id, cancellationToken).ConfigureAwait(false)).WithOriginOf(made);
            if (!seen.IsEnded()) return seen;
            await Journal.NoteEndedAsync(seen, _context.BaseUri, MatchName).ConfigureAwait(false);
            return null;
        }
        catch (GatewayException e) when (e.Kind == GatewayErrorKind.TaskNotFound)
        {
            await Journal.NoteGoneAsync(made.Id, _context.BaseUri, made.Account, MatchName).ConfigureAwait(false);
            return null;
        }
        catch (GatewayException e) when (!ErrorKinds.HoldsForAll(e))
        {
            // It was made, and nobody has seen it end: that is enough not to pay again.
            _observer?.Note(e.Message);
            return made;
        }
    }

    /// <summary>Each line of the process that sends it buys it time.</summary>
    private void CheckPatience()
    {
        int lines;
        lock (Journal.Locked) lines = MatchIndex() is >= 0 and var i ? Journal.Index.ClaimOf(i)?.Lines ?? 0 : 0;
        // It is not being sent any more: there is something new to find.
        if (lines == 0) return;
        if (lines != _lines) (_lines, _since) = (lines, Journal.Time.GetTimestamp());
        else if (Journal.Time.GetElapsedTime(_since) >= _context.Patience)
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
