namespace MidJourney;

/// <summary>A request that got no answer.</summary>
internal sealed class TransportException : Exception
{
    public TransportException(string message, Exception? inner, bool timedOut) : base(message, inner) => TimedOut = timedOut;

    /// <summary>The request's own time ran out, as opposed to a broken or refused connection.</summary>
    public bool TimedOut { get; }
}
