namespace MidJourney;

/// <summary>A request that got no answer.</summary>
internal sealed class TransportException : Exception
{
    public TransportException(string message, Exception? inner, bool timedOut) : base(message, inner) => TimedOut = timedOut;

    /// <summary>The proxy does not accept its user, and would not the next time.</summary>
    public bool IsProxyRefusal { get; init; }

    /// <summary>The request's own time ran out, as opposed to a broken or refused connection.</summary>
    public bool TimedOut { get; }
}
