using MidJourney.Throttling;

namespace MidJourney.Gateway;

/// <summary>What a session has done so far. All counts only grow, except <see cref="InFlight"/>.</summary>
internal sealed class GatewayCounters
{
    private long _creates;
    private long _reads;
    private long _repeats;
    private long _throttled;
    private long _accepted;
    private int _inFlight;

    /// <summary>Creates sent, including retries.</summary>
    public long Creates => Interlocked.Read(ref _creates);

    /// <summary>Tasks that the gateway has accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Reads sent, including retries.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Requests sent again after a failure.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    /// <summary>Responses that asked to slow down (429, or 503 with Retry-After).</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>Requests in flight now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    internal void Sent(RequestKind kind)
    {
        if (kind == RequestKind.Create) Interlocked.Increment(ref _creates);
        else Interlocked.Increment(ref _reads);
        Interlocked.Increment(ref _inFlight);
    }

    internal void Ended() => Interlocked.Decrement(ref _inFlight);

    internal void Accept() => Interlocked.Increment(ref _accepted);

    internal void Repeat() => Interlocked.Increment(ref _repeats);

    internal void Throttle() => Interlocked.Increment(ref _throttled);
}
