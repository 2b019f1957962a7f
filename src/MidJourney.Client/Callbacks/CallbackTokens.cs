using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace MidJourney.Callbacks;

/// <summary>
/// What a session puts in place of <c>{token}</c> in a callback URL: its secret and the number of the create. The secret shows that a callback comes from
/// someone who was given the URL; the number shows which task it is about, even if its body does not, or comes before the create was answered.
/// </summary>
internal sealed class CallbackTokens
{
    public const string Placeholder = "{token}";

    private const string Field = "callback";

    private readonly ConcurrentDictionary<string, string> _ofTasks = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>128 random bits as hexadecimal digits.</summary>
    public string Secret { get; } = NewSecret();

    public static string NewSecret()
    {
        var bits = new byte[16];
        using (var source = RandomNumberGenerator.Create()) source.GetBytes(bits);
        return string.Concat(bits.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }

    /// <summary>The submission as it is sent, and its token; the same submission and null if its callback has no placeholder.</summary>
    public (MJSubmission Sent, string? Token) Fill(MJSubmission submission)
    {
        if (!submission.Parameters.Any(HasPlaceholder)) return (submission, null);
        var token = FormattableString.Invariant($"{Secret}-{Interlocked.Increment(ref _count)}");
        var parameters = submission.Parameters.Select(p => HasPlaceholder(p) ? new(p.Key, Replace((string)p.Value!, token)) : p);
        return (submission with { Parameters = [.. parameters] }, token);
    }

    /// <summary>The task that was created with a token.</summary>
    public void Bind(string? token, string taskId)
    {
        if (token is not null) _ofTasks[taskId] = token;
    }

    /// <summary>The token of a task of this session; null for none.</summary>
    public string? Of(string taskId) => _ofTasks.TryGetValue(taskId, out var token) ? token : null;

    private static bool HasPlaceholder(KeyValuePair<string, object?> parameter) =>
        parameter is { Key: Field, Value: string text } && text.IndexOf(Placeholder, StringComparison.OrdinalIgnoreCase) >= 0;

    private static string Replace(string text, string token)
    {
        for (int at; (at = text.IndexOf(Placeholder, StringComparison.OrdinalIgnoreCase)) >= 0;)
            text = text.Substring(0, at) + token + text.Substring(at + Placeholder.Length);
        return text;
    }
}
