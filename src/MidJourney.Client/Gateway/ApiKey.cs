using System.Text;
using MidJourney.Journal;
using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>The rules that an API key must meet to be sent in a header. Errors never show the key.</summary>
internal static class ApiKey
{
    private const int MinLength = 8;

    /// <summary>The key without surrounding white space.</summary>
    /// <exception cref="ArgumentException">It is empty, or contains a character that is invalid in a bearer token.</exception>
    public static string Check(string? key, string? source = null)
    {
        var trimmed = key?.Trim();
        if (string.IsNullOrEmpty(trimmed)) throw new ArgumentException(ClientMessages.ApiKeyEmpty(source));
        if (trimmed!.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException(ClientMessages.ApiKeyInvalid(source));
        return trimmed!;
    }

    /// <summary>Whether a text contains the whole key, so that it must not be sent as anything else. A key as short as a word is not searched for.</summary>
    public static bool IsIn(string key, string text) =>
        key.Length >= MinLength && (text.IndexOf(key, StringComparison.Ordinal) >= 0 || (text.IndexOf('%') >= 0 && Uri.UnescapeDataString(text).IndexOf(key, StringComparison.Ordinal) >= 0));

    /// <summary>Distinguishes keys without revealing them: 8 hexadecimal digits of a salted hash.</summary>
    internal static string Fingerprint(string key, byte[] salt) => SubmissionKey.Hash([.. salt, .. Encoding.UTF8.GetBytes(key)]).ToString("N").Substring(0, 8);

    /// <summary>JSON without the key; values that requests need stay as they are.</summary>
    public static byte[] RedactJson(string key, byte[] json) => new KeyRedactor(key).RedactJson(json).ToArray();

    /// <summary>A function that removes the key, and every part that reveals it, from a text.</summary>
    public static Func<string, string> RedactorOf(string key)
    {
        var redactor = new KeyRedactor(key);
        return text => redactor.Redact(text);
    }
}
