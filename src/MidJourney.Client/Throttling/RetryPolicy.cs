using System.Globalization;
using System.Net.Http.Headers;

namespace MidJourney.Throttling;

/// <summary>Whether and when a request that did not succeed is sent again. Whether it may be is for the verdicts to say.</summary>
internal sealed class RetryPolicy(TimeSpan retryTimeout)
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
        if (IsThrottled(fault))
        {
            // How soon it is sent again is for the limiter to say, which knows the rate.
            var wait = fault.RetryAfter ?? TimeSpan.FromMilliseconds(50 + 100 * Spread());
            var stuck = elapsed < sinceThrough ? elapsed : sinceThrough;
            return stuck + (wait > turn ? wait : turn) <= retryTimeout ? wait : null;
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

    private static bool IsThrottled(GatewayException fault) => fault.Kind == GatewayErrorKind.RateLimited || fault.RetryAfter is not null;
}

/// <summary>How long to wait before the next try: doubling, bounded, and spread so that many do not come back at once.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <param name="failures">How many tries have failed so far, 1 or more.</param>
    /// <param name="spread">0 to 1, random.</param>
    public static TimeSpan After(int failures, double spread)
    {
        var full = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(failures, 16) - 1));
        return TimeSpan.FromSeconds(full * (0.75 + 0.5 * spread));
    }
}

/// <summary>Reads <c>Retry-After</c>: seconds or an HTTP date (contract: 429).</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How long to wait, never negative; null when the header is missing or makes no sense.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (!headers.TryGetValues("Retry-After", out var values)) return null;
        var text = string.Join(",", values).Trim();
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return Bounded((double)seconds);
        if (!RetryConditionHeaderValue.TryParse(text, out var condition) || condition.Date is not { } until) return null;
        // The gateway's own clock, where the answer shows it, makes the date right whatever this machine's clock says.
        return Bounded((until - (headers.Date ?? now)).TotalSeconds);
    }

    private static TimeSpan Bounded(double seconds) =>
        seconds <= 0 ? TimeSpan.Zero : seconds >= Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds);
}
