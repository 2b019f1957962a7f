namespace MidJourney;

/// <summary>Whether and when a request that did not succeed is sent again. Whether it may be is for the verdicts to say.</summary>
internal sealed class RetryRules(TimeSpan putOffPatience)
{
    private const int MostTries = 5;
    private static readonly TimeSpan FaultPatience = TimeSpan.FromSeconds(15);

    private readonly Random _random = new();

    /// <param name="fault">How the last try ended.</param>
    /// <param name="failures">How many tries have failed, 1 or more.</param>
    /// <param name="elapsed">Since the first of them began.</param>
    /// <param name="sinceThrough">Since any request of the session got through: while some do, being put off is only a queue.</param>
    /// <param name="turn">The time until the limiter would let it through.</param>
    /// <returns>The time to wait before asking the limiter; null to give up.</returns>
    public TimeSpan? BeforeRepeat(GatewayException fault, int failures, TimeSpan elapsed, TimeSpan sinceThrough, TimeSpan turn)
    {
        if (IsPutOff(fault))
        {
            // How soon it is sent again is for the limiter to say, which knows the rate.
            var wait = fault.RetryAfter ?? TimeSpan.FromMilliseconds(50 + 100 * Spread());
            var stuck = elapsed < sinceThrough ? elapsed : sinceThrough;
            return stuck + (wait > turn ? wait : turn) <= putOffPatience ? wait : null;
        }
        var backoff = Backoff.After(failures, Spread());
        // Only a task that was accepted just now is looked for again, and only while it is as young as that.
        if (fault.Kind == GatewayErrorKind.TaskNotFound) return backoff;
        return failures < MostTries && elapsed + backoff <= FaultPatience ? backoff : null;
    }

    private double Spread()
    {
        lock (_random) return _random.NextDouble();
    }

    private static bool IsPutOff(GatewayException fault) => fault.Kind == GatewayErrorKind.RateLimited || fault.RetryAfter is not null;
}
