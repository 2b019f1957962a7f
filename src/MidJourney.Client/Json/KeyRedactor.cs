using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>
/// Replaces the API key with asterisks in text that others wrote: the whole key in any common encoding, and any part of it that is long enough to recognize.
/// Text is redacted where it is shown or written, never before a response is parsed, because an id that shares a part with the key must stay intact.
/// </summary>
internal sealed class KeyRedactor
{
    /// <summary>A shorter part may occur by chance. A shorter key is hidden only as a whole.</summary>
    private const int MinPartLength = 8;

    /// <summary>A shorter key of only letters of one case, or only digits, may occur in an id or a URL by chance.</summary>
    private const int MinUnambiguousLength = 16;

    /// <summary>Hides nothing.</summary>
    public static readonly KeyRedactor None = new("");

    /// <summary>Fields whose values later requests and this module depend on: only the whole key is hidden in them.</summary>
    private static readonly HashSet<string> FunctionalFields = new(StringComparer.Ordinal) { "id", "task_id", "taskId", "jobId", "job_id", "url", "imgUrl", "model", "status", "type" };

    private readonly string _key;
    private readonly string[] _otherSecrets;

    /// <summary>Matches the key as hexadecimal digits, Base64 or Base64url.</summary>
    private readonly Regex? _encodedKey;

    /// <summary>Ids that contain the whole key, by their redacted form: while the session is open, requests can still use them.</summary>
    private readonly ConcurrentDictionary<string, string> _originalIds = new(StringComparer.Ordinal);

    /// <param name="apiKey">The key.</param>
    /// <param name="otherSecrets">Other secrets, such as a proxy's password in each of its forms; hidden only as a whole.</param>
    public KeyRedactor(string apiKey, string[]? otherSecrets = null)
    {
        (_key, _otherSecrets) = (apiKey, otherSecrets ?? []);
        if (apiKey.Length < MinPartLength) return;
        var bytes = Encoding.UTF8.GetBytes(apiKey);
        var hex = $"(?i:{string.Join("[-: ]?", bytes.Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))})";
        _encodedKey = new(string.Join("|", Enumerable.Range(0, 3).SelectMany(offset => Base64(bytes, offset)).Distinct().Select(Regex.Escape).Prepend(hex)), RegexOptions.CultureInvariant);
    }

    private bool IsUnambiguous => _key.Length >= MinUnambiguousLength || IsRecognizable(0, _key.Length);

    /// <summary>The text without the key and the other secrets; the same instance if it contains none.</summary>
    public string Redact(string text, bool isTruncated = false) =>
        _otherSecrets.Aggregate(RedactKey(text, isTruncated), static (redacted, secret) => redacted.Replace(secret, "********"));

    /// <summary>Redacts a value that a request or this module depends on: only if it contains the whole key, and not by chance.</summary>
    public string RedactFunctional(string text) => IsUnambiguous && ContainsWholeKey(text) ? Redact(text) : text;

    /// <summary>The id without the key. <see cref="OriginalId"/> reverses it.</summary>
    public string RedactId(string id)
    {
        var redacted = RedactFunctional(id);
        if (redacted != id) _originalIds[redacted] = id;
        return redacted;
    }

    /// <summary>The id that <see cref="RedactId"/> was given; any other id unchanged.</summary>
    public string OriginalId(string redactedId) => _originalIds.TryGetValue(redactedId, out var original) ? original : redactedId;

    /// <summary>The JSON with each of its names and values redacted; the same bytes if there is nothing to hide.</summary>
    public ReadOnlyMemory<byte> RedactJson(ReadOnlyMemory<byte> json)
    {
        if (_key.Length == 0) return json;
        using var result = new MemoryStream(json.Length);
        var copied = 0;
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 });
            var isFunctional = false;
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number)) continue;
                var isNumber = reader.TokenType == JsonTokenType.Number;
                if (isNumber && _key.Length < MinPartLength) continue;
                var text = isNumber ? Encoding.ASCII.GetString(reader.ValueSpan.ToArray()) : reader.GetString()!;
                if (reader.TokenType == JsonTokenType.PropertyName) isFunctional = FunctionalFields.Contains(text);
                var redacted = isFunctional || reader.TokenType == JsonTokenType.PropertyName ? RedactFunctional(text) : Redact(text);
                if (redacted == text) continue;
                var start = (int)reader.TokenStartIndex;
                Write(result, json.Span.Slice(copied, start - copied));
                Write(result, Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(redacted, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""));
                copied = start + reader.ValueSpan.Length + (isNumber ? 0 : 2);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Encoding.UTF8.GetBytes(RedactKey(Encoding.UTF8.GetString(json.ToArray()), isTruncated: true));
        }
        if (copied == 0) return json;
        Write(result, json.Span.Slice(copied));
        return result.ToArray();
    }

    private string RedactKey(string text, bool isTruncated)
    {
        if (_key.Length == 0) return text;
        char[]? redacted = null;
        var encoded = _encodedKey?.Match(text);
        for (var at = 0; at < text.Length;)
        {
            if (encoded is { Success: true } && encoded.Index < at) encoded = _encodedKey!.Match(text, at);
            var length = LengthOfKeyAt(text, at, isTruncated);
            if (length == 0 && encoded is { Success: true } && encoded.Index == at) length = encoded.Length;
            if (length > 0) (redacted ??= text.ToCharArray()).AsSpan(at, length).Fill('*');
            // An escape is skipped as a whole, because its last digit cannot be the start of the key; but an encoded key may follow the backslash.
            else if (text[at] != '\\' || (encoded is { Success: true } && encoded.Index == at + 1)) length = 1;
            else length = JsonText.EscapedAt(text, at) is null ? 2 : 6;
            at += length;
        }
        return redacted is null ? text : new string(redacted);
    }

    private bool ContainsWholeKey(string text) =>
        _key.Length > 0 && (_encodedKey?.IsMatch(text) == true || Enumerable.Range(0, text.Length).Any(at => MatchKey(text, at, 0).Count == _key.Length));

    /// <summary>The length of the key, or of the longest recognizable part of it, as it is written at this place; 0 if it is not there.</summary>
    private int LengthOfKeyAt(string text, int at, bool isTruncated)
    {
        var longest = 0;
        var isEscape = text[at] is '\\' or '%';
        for (var start = isEscape ? 0 : _key.IndexOf(text[at]); start >= 0 && start < (_key.Length < MinPartLength ? 1 : _key.Length); start++)
        {
            if (!isEscape && text[at] != _key[start]) continue;
            var (length, count) = MatchKey(text, at, start);
            var isCutOff = isTruncated && start == 0 && at + length == text.Length;
            if (length > longest && (count == _key.Length || isCutOff || IsRecognizable(start, count))) longest = length;
        }
        return longest;
    }

    /// <summary>Matches the key from one of its characters on.</summary>
    /// <returns>The length of the match in the text, and how many characters of the key it covers.</returns>
    private (int Length, int Count) MatchKey(string text, int at, int start)
    {
        var (length, count) = (0, 0);
        for (; start + count < _key.Length && LengthOfMatch(text, at + length, _key[start + count]) is > 0 and var matched; count++) length += matched;
        return (length, count);
    }

    /// <summary>The length of a character of the key as it is written here: itself, a JSON escape or a URL escape; 0 if something else is here.</summary>
    private static int LengthOfMatch(string text, int at, char character)
    {
        if (at >= text.Length) return 0;
        if (text[at] == character) return 1;
        if (text[at] == '%') return JsonText.HexAt(text, at + 1, 2) == character ? 3 : 0;
        if (text[at] != '\\' || at + 1 >= text.Length) return 0;
        if (text[at + 1] == character) return 2;
        return JsonText.EscapedAt(text, at) == character ? 6 : 0;
    }

    /// <summary>True if a part of the key is more than a word or a number that may occur by chance.</summary>
    private bool IsRecognizable(int start, int count)
    {
        if (count < MinPartLength) return false;
        var part = _key.Substring(start, count);
        var (hasDigit, hasLower, hasUpper) = (part.Any(c => c is >= '0' and <= '9'), part.Any(c => c is >= 'a' and <= 'z'), part.Any(c => c is >= 'A' and <= 'Z'));
        return (hasLower && hasUpper) || (hasDigit && (hasLower || hasUpper));
    }

    /// <summary>The key within a Base64 text, when it begins at this offset of a group of three bytes.</summary>
    private static IEnumerable<string> Base64(byte[] key, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. key]);
        // The first and the last character depend on what surrounds the key.
        var first = (offset * 8 + 5) / 6;
        var last = (offset + key.Length) * 8 / 6;
        var inner = text.Substring(first, last - first);
        return [inner, inner.Replace('+', '-').Replace('/', '_')];
    }

    private static void Write(MemoryStream stream, ReadOnlySpan<byte> bytes) => stream.Write(bytes.ToArray(), 0, bytes.Length);
}
