namespace MidJourney.Gateway;

/// <summary>How long requests have been without an answer. A session that sends nothing is not silent. Thread-safe.</summary>
internal sealed class GatewaySilence(TimeProvider time)
{
    private const long None = -1;

    private readonly long _origin = time.GetTimestamp();
    private long _since = None;
    private volatile bool _hasAnswered;

    /// <summary>Whether there was any answer, whatever it said: then the address is right.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>Since the first request after the last answer; zero if there was none.</summary>
    public TimeSpan Duration => Interlocked.Read(ref _since) is >= 0 and var since ? time.GetElapsedTime(_origin) - TimeSpan.FromTicks(since) : TimeSpan.Zero;

    public void Sent() => Interlocked.CompareExchange(ref _since, time.GetElapsedTime(_origin).Ticks, None);

    public void Answered()
    {
        _hasAnswered = true;
        Interlocked.Exchange(ref _since, None);
    }
}
