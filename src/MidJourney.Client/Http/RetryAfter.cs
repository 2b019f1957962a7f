using System.Globalization;
using System.Net.Http.Headers;

namespace MidJourney;

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
