using System.Globalization;
using System.Net.Http.Headers;

namespace MidJourney.Throttling;

/// <summary>When a failed request is sent again, and when to give up. Whether it may be sent again at all is decided by its outcome.</summary>
internal sealed class RetryPolicy(TimeSpan retryTimeout)
{
    private const int MaxTries = 5;
    private static readonly TimeSpan MaxFaultTime = TimeSpan.FromSeconds(15);

    private readonly Random _random = new();

    /// <param name="fault">How the last attempt failed.</param>
    /// <param name="failures">Failed attempts so far, 1 or more.</param>
    /// <param name="elapsed">Since the first attempt.</param>
    /// <param name="sinceSuccess">Since any request of the session succeeded: while some do, throttling is only a queue.</param>
    /// <param name="turn">The time until the limiter would admit it.</param>
    /// <param name="outage">How long no request has been answered; null if there was never an answer, or the request does not outlast an outage.</param>
    /// <returns>The time to wait before asking the limiter; null to give up.</returns>
    public TimeSpan? BeforeRepeat(GatewayException fault, int failures, TimeSpan elapsed, TimeSpan sinceSuccess, TimeSpan turn, TimeSpan? outage)
    {
        if (IsThrottled(fault))
        {
            // The limiter, which knows the rate, decides the rest.
            var wait = fault.RetryAfter ?? TimeSpan.FromMilliseconds(50 + 100 * Jitter());
            var stuck = elapsed < sinceSuccess ? elapsed : sinceSuccess;
            return stuck + (wait > turn ? wait : turn) <= retryTimeout ? wait : null;
        }
        var backoff = Backoff.After(failures, Jitter());
        // Only a task that was accepted moments ago is looked for again.
        if (fault.Kind == GatewayErrorKind.TaskNotFound) return backoff;
        // Where there was an answer before, the address is right, and the gateway or the network comes back.
        if (fault is { Kind: GatewayErrorKind.ConnectionFailed, IsUntrusted: false } && outage + backoff <= retryTimeout) return backoff;
        return failures < MaxTries && elapsed + backoff <= MaxFaultTime ? backoff : null;
    }

    private double Jitter()
    {
        lock (_random) return _random.NextDouble();
    }

    private static bool IsThrottled(GatewayException fault) => fault.Kind == GatewayErrorKind.RateLimited || fault.RetryAfter is not null;
}

/// <summary>The wait before the next attempt: doubling, bounded, with jitter so that many requests do not return at once.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Initial = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(15);

    /// <param name="failures">Failed attempts so far, 1 or more.</param>
    /// <param name="jitter">0 to 1, random.</param>
    public static TimeSpan After(int failures, double jitter)
    {
        var full = Math.Min(Max.TotalSeconds, Initial.TotalSeconds * Math.Pow(2, Math.Min(failures, 16) - 1));
        return TimeSpan.FromSeconds(full * (0.75 + 0.5 * jitter));
    }
}

/// <summary>Reads <c>Retry-After</c>: seconds or an HTTP date (contract: 429).</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Max = TimeSpan.FromDays(1);

    /// <summary>How long to wait, never negative; null if the header is missing or invalid.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (!headers.TryGetValues("Retry-After", out var values)) return null;
        var text = string.Join(",", values).Trim();
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return Bounded((double)seconds);
        if (!RetryConditionHeaderValue.TryParse(text, out var condition) || condition.Date is not { } until) return null;
        // The response's own Date makes the date right even if this machine's clock is wrong.
        return Bounded((until - (headers.Date ?? now)).TotalSeconds);
    }

    private static TimeSpan Bounded(double seconds) =>
        seconds <= 0 ? TimeSpan.Zero : seconds >= Max.TotalSeconds ? Max : TimeSpan.FromSeconds(seconds);
}
