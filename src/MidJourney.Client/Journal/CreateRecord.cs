namespace MidJourney;

/// <summary>Writes down one create: before it is sent, and what came of it. Without its file, the create goes on all the same.</summary>
internal sealed class CreateRecord(
    TaskJournal journal, JournalWriter writer, JournalCreate create, DuplicatePolicy duplicates, IGatewayObserver? observer, TimeProvider time)
{
    private static readonly Task<JournalAppended> Nothing = Task.FromResult(default(JournalAppended));

    private readonly TaskCompletionSource<bool> _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isFirst = true;
    private bool _isOpen;
    private bool _isReserved;

    /// <summary>Waits until nothing else of this process creates the same thing; then says what is known of it.</summary>
    /// <exception cref="GatewayException">The journal cannot be read, so it could be paid twice.</exception>
    public ValueTask<SubmittedBefore?> ReserveAsync(CancellationToken cancellationToken) =>
        duplicates == DuplicatePolicy.Create ? default : ReserveAndFindAsync(cancellationToken);

    /// <summary>Writes down that the create is about to be sent; what comes of that is for <see cref="Open"/>.</summary>
    public Task<JournalAppended> SendingAsync()
    {
        if (_isOpen) return Nothing;
        var line = JournalFormat.Of(JournalEvent.Submitting, create, time.GetUtcNow());
        return _isFirst && duplicates != DuplicatePolicy.Create ? writer.AppendAsync(line, create.Key, duplicates) : writer.AppendAsync(line);
    }

    /// <summary>The create may be sent, unless it was found to be there.</summary>
    /// <returns>What another process has created meanwhile; null when it may be sent.</returns>
    public SubmittedBefore? Open(JournalAppended appended)
    {
        _isFirst = false;
        if (appended.Before is not null) return appended.Before;
        _isOpen = true;
        Check(appended);
        return null;
    }

    /// <summary>It will be sent again, but not soon.</summary>
    public ValueTask PutOffAsync() => CloseAsync(JournalEvent.PutOff, null);

    /// <summary>It was not sent, or was not accepted, and nobody waits for it any more.</summary>
    public ValueTask WithdrawnAsync() => CloseAsync(JournalEvent.Withdrawn, null);

    /// <summary>It failed: with an unknown outcome, or certainly.</summary>
    public ValueTask FailedAsync(GatewayException error) =>
        CloseAsync(error.Kind == GatewayErrorKind.SubmitOutcomeUnknown ? JournalEvent.Unknown : JournalEvent.Refused, error);

    /// <summary>It was accepted; what comes of writing that down is for <see cref="Check"/>.</summary>
    public Task<JournalAppended> CreatedAsync(MJTask task)
    {
        if (!_isOpen) return Nothing;
        _isOpen = false;
        return writer.AppendAsync(JournalFormat.Created(create, task, time.GetUtcNow()));
    }

    /// <summary>Says if a line could not be written; the create goes on.</summary>
    public void Check(JournalAppended appended)
    {
        if (appended.Fault is { } fault) journal.Warn(observer, fault);
        journal.WarnOfMode(observer);
    }

    /// <summary>Lets others create the same thing, or rather learn that it is there.</summary>
    public void Release()
    {
        if (_isReserved) journal.Release(create.Key);
        _released.TrySetResult(true);
    }

    private async ValueTask<SubmittedBefore?> ReserveAndFindAsync(CancellationToken cancellationToken)
    {
        await journal.ReserveAsync(create.Key, _released.Task, cancellationToken).ConfigureAwait(false);
        _isReserved = true;
        try { return Only(writer.Find(create.Key)); }
        catch (Exception e) when (TaskJournal.IsOfFile(e)) { throw journal.NotRead(e); }
    }

    private async ValueTask CloseAsync(JournalEvent @event, GatewayException? error)
    {
        if (!_isOpen) return;
        _isOpen = false;
        Check(await writer.AppendAsync(JournalFormat.Of(@event, create, time.GetUtcNow(), error)).ConfigureAwait(false));
    }

    private SubmittedBefore? Only(SubmittedBefore? before) =>
        before is { IsUnknown: true } && duplicates == DuplicatePolicy.SkipUnlessUnknown ? null : before;
}
