namespace MidJourney;

/// <summary>
/// What is done where an address leads nowhere: its task may have another one by now, and an image may arrive at its host
/// after its task has completed.
/// </summary>
internal sealed class LateOutput(DownloadTarget target, TimeProvider time)
{
    private const int Gone = 410;

    // A gateway that throttles must not hold up a file whose link may be good.
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(10);

    private long? _since;
    private bool _isLast;
    private int _failures;

    /// <summary>The address that the task has now; null where that cannot be told.</summary>
    public async Task<Uri?> RenewAsync(CancellationToken cancellationToken)
    {
        if (target.Renew is not { } renew) return null;
        using var limit = time.CancelAfter(ReadPatience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try { return await renew(either.Token).ConfigureAwait(false); }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested) { return null; }
    }

    /// <summary>How long to wait before the next try; null when there is no point in another.</summary>
    /// <param name="error">What the last one brought.</param>
    /// <param name="isNewAddress">Whether the next goes to another address.</param>
    /// <param name="spread">0 to 1, random.</param>
    public TimeSpan? TimeToRepeat(GatewayException error, bool isNewAddress, double spread)
    {
        _since ??= time.GetTimestamp();
        if (isNewAddress && _failures++ == 0) return TimeSpan.Zero;
        // Gone for good, its host says.
        if (error.HttpStatus == Gone) return null;
        var (passed, patience) = (time.GetElapsedTime(_since.Value), target.Patience.Now);
        if (passed >= patience || _isLast)
        {
            target.Patience.GaveUp(passed);
            return null;
        }
        var wait = Backoff.After(++_failures, spread);
        // The last try is at the end of the time.
        _isLast = passed + wait >= patience;
        return _isLast ? patience - passed : wait;
    }

    /// <summary>The file has come.</summary>
    public void Came()
    {
        if (_since is not null) target.Patience.Came();
    }
}
