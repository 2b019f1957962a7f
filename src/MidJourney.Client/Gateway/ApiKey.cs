using System.Text;
using MidJourney.Journal;
using MidJourney.Json;

namespace MidJourney.Gateway;

/// <summary>The rules an API key must meet to stand in a header. What is wrong is said without showing the key.</summary>
internal static class ApiKey
{
    private const int LeastLength = 8;

    /// <summary>The key without the white space that copying brings along.</summary>
    /// <param name="key">As the user gave it.</param>
    /// <exception cref="ArgumentException">It is empty, or holds a character that no bearer token has.</exception>
    public static string Check(string? key)
    {
        var trimmed = key?.Trim();
        if (string.IsNullOrEmpty(trimmed)) throw new ArgumentException(ClientMessages.ApiKeyEmpty());
        if (trimmed!.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException(ClientMessages.ApiKeyInvalid());
        return trimmed!;
    }

    /// <summary>Whether a text holds the whole key, so that it must not be sent as anything but the key. A key that is as short as a word is not looked for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="text">The text.</param>
    public static bool IsIn(string key, string text) =>
        key.Length >= LeastLength && (text.IndexOf(key, StringComparison.Ordinal) >= 0 || (text.IndexOf('%') >= 0 && Uri.UnescapeDataString(text).IndexOf(key, StringComparison.Ordinal) >= 0));

    /// <summary>Tells keys apart without telling any: 8 hexadecimal digits of a hash.</summary>
    /// <param name="key">The key.</param>
    /// <param name="salt">What the hash is made with beside it.</param>
    internal static string Fingerprint(string key, byte[] salt) => SubmissionKey.Hash([.. salt, .. Encoding.UTF8.GetBytes(key)]).ToString("N").Substring(0, 8);

    /// <summary>JSON without a key, but for what requests go by.</summary>
    /// <param name="key">The key.</param>
    /// <param name="json">Whole JSON.</param>
    public static byte[] RedactJson(string key, byte[] json) => new KeyRedactor(key).RedactJson(json).ToArray();

    /// <summary>What takes a key, and every part of it that tells it, out of a text.</summary>
    /// <param name="key">The key.</param>
    public static Func<string, string> RedactorOf(string key)
    {
        var redactor = new KeyRedactor(key);
        return text => redactor.Redact(text);
    }
}
