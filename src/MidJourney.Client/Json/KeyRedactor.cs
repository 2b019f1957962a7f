using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MidJourney.Json;

/// <summary>
/// Takes the API key, and any part of it long enough to tell, out of texts that repeat it, in whatever form, so that it comes into no object, message or
/// file. It is used where a text is shown or written, never before an answer is understood: an id that shares a part with the key stays as it came.
/// </summary>
internal sealed class KeyRedactor
{
    /// <summary>A shorter part may well be part of an honest answer; a shorter key is only hidden whole.</summary>
    private const int LeastLength = 8;

    /// <summary>A key of one kind of character and of fewer than so many may stand in an id or an address by chance.</summary>
    private const int LeastUnmistakable = 16;

    /// <summary>Pieces of the key of so many bytes, so far apart that each part of <see cref="LeastLength"/> bytes holds a whole one.</summary>
    private const int PieceLength = 4, PieceDistance = LeastLength - PieceLength + 1;

    /// <summary>Hides nothing.</summary>
    public static readonly KeyRedactor None = new("");

    /// <summary>Fields that requests and the module itself go by, by their wire names: what they hold is only hidden where it is the whole key.</summary>
    private static readonly HashSet<string> Needed = new(StringComparer.Ordinal) { "id", "task_id", "taskId", "jobId", "job_id", "url", "imgUrl", "model", "status", "type" };

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] _key;
    private readonly string[] _others;

    /// <summary>The key as Base64 and Base64url have it, wherever it begins in what is encoded, less the ends that its neighbours have a share in.</summary>
    private readonly byte[][] _encoded;

    /// <summary>Where in the key a match may begin, by the byte that it begins with.</summary>
    private readonly int[]?[] _starts = new int[256][];

    /// <summary>Ids that hold the whole key, by what is shown of them: they can be asked for while the session lives.</summary>
    private readonly ConcurrentDictionary<string, string> _hidden = new(StringComparer.Ordinal);

    /// <param name="apiKey">The key.</param>
    /// <param name="others">Other secrets, such as a proxy's password in each of its forms; only hidden whole.</param>
    public KeyRedactor(string apiKey, string[]? others = null)
    {
        _others = others ?? [];
        _key = Encoding.UTF8.GetBytes(apiKey);
        _encoded = _key.Length < LeastLength ? [] : [.. Enumerable.Range(0, 3).SelectMany(Encoded).Distinct().Select(Encoding.ASCII.GetBytes)];
        if (_key.Length == 0) return;
        int[] places = _key.Length < LeastLength ? [0] : Enumerable.Range(0, _key.Length).ToArray();
        foreach (var group in places.GroupBy(i => _key[i])) _starts[group.Key] = [.. group];
        _starts['\\'] = _starts['%'] = places;
    }

    private bool IsUnmistakable => _key.Length >= LeastUnmistakable || IsTelling(_key);

    /// <summary>The text without the key; the same instance where it is not in it.</summary>
    /// <param name="text">What others wrote.</param>
    /// <param name="isTorn">It broke off, so that it may end within the key.</param>
    public string Redact(string text, bool isTorn = false) => _others.Aggregate(WithoutKey(text, isTorn), static (shown, secret) => shown.Replace(secret, "********"));

    private string WithoutKey(string text, bool isTorn)
    {
        if (_key.Length == 0) return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var redacted = Redact(bytes, isTorn);
        return redacted.Span.SequenceEqual(bytes) ? text : Encoding.UTF8.GetString(redacted.ToArray());
    }

    /// <summary>What a request or the module goes by: hidden only where it holds the whole key, and that not by chance.</summary>
    public string RedactNeeded(string text) => IsUnmistakable && HoldsWholeKey(Encoding.UTF8.GetBytes(text)) ? Redact(text) : text;

    /// <summary>An id as it is shown; one that had to be changed for that is kept for <see cref="Exact"/>.</summary>
    public string HideInId(string id)
    {
        var shown = RedactNeeded(id);
        if (!ReferenceEquals(shown, id)) _hidden[shown] = id;
        return shown;
    }

    /// <summary>The id that is shown as this.</summary>
    public string Exact(string id) => !_hidden.IsEmpty && _hidden.TryGetValue(id, out var exact) ? exact : id;

    /// <summary>JSON with each of its texts redacted as what it is; the same where there is nothing to hide.</summary>
    public ReadOnlyMemory<byte> RedactJson(ReadOnlyMemory<byte> json)
    {
        if (!MayHoldPart(json.Span)) return json;
        using var result = new MemoryStream(json.Length);
        var copied = 0;
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 });
            var isNeeded = false;
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number)) continue;
                var isNumber = reader.TokenType == JsonTokenType.Number;
                if (isNumber && _key.Length < LeastLength) continue;
                var text = isNumber ? Encoding.ASCII.GetString(reader.ValueSpan.ToArray()) : reader.GetString()!;
                if (reader.TokenType == JsonTokenType.PropertyName) isNeeded = Needed.Contains(text);
                var shown = isNeeded || reader.TokenType == JsonTokenType.PropertyName ? RedactNeeded(text) : Redact(text);
                if (shown == text) continue;
                var start = (int)reader.TokenStartIndex;
                Write(result, json.Span.Slice(copied, start - copied));
                Write(result, Quoted(shown));
                copied = start + reader.ValueSpan.Length + (isNumber ? 0 : 2);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Redact(json, isTorn: true);
        }
        Write(result, json.Span.Slice(copied));
        return copied == 0 ? json : result.ToArray();
    }

    private ReadOnlyMemory<byte> Redact(ReadOnlyMemory<byte> body, bool isTorn)
    {
        var bytes = body.Span;
        if (_key.Length == 0 || (!isTorn && !MayHoldPart(bytes))) return body;
        byte[]? copy = null;
        for (var at = 0; at < bytes.Length; at++)
        {
            var length = _starts[bytes[at]] is { } starts ? LengthAt(bytes.Slice(at), starts, isTorn) : 0;
            if (length == 0) length = Math.Max(LengthOfEncoded(bytes.Slice(at)), LengthOfHex(bytes.Slice(at)));
            if (length > 0) (copy ??= body.ToArray()).AsSpan(at, length).Fill((byte)'*');
            // The last digit of an escape is no beginning of the key.
            else if (bytes[at] == '\\') length = LengthOfEscape(bytes.Slice(at));
            if (length > 0) at += length - 1;
        }
        return copy ?? body;
    }

    /// <summary>Whether it is worth looking at every byte: hardly ever, and the framework finds that out many bytes at a time.</summary>
    private bool MayHoldPart(ReadOnlySpan<byte> body)
    {
        if (_key.Length == 0) return false;
        if (body.IndexOfAny((byte)'\\', (byte)'%') >= 0) return true;
        if (_key.Length < LeastLength) return body.IndexOf(_key) >= 0;
        for (var at = 0; at + PieceLength <= _key.Length; at += PieceDistance)
            if (body.IndexOf(_key.AsSpan(at, PieceLength)) >= 0) return true;
        foreach (var encoded in _encoded)
            if (body.IndexOf(encoded) >= 0) return true;
        return MayHoldHex(body);
    }

    private bool HoldsWholeKey(ReadOnlySpan<byte> text)
    {
        if (!MayHoldPart(text)) return false;
        for (var at = 0; at < text.Length; at++)
            if (Spelled(text.Slice(at), 0).Count == _key.Length || LengthOfEncoded(text.Slice(at)) > 0 || LengthOfHex(text.Slice(at)) > 0) return true;
        return false;
    }

    /// <summary>How many bytes from here on spell the key or a part of it; 0 for none.</summary>
    private int LengthAt(ReadOnlySpan<byte> body, int[] starts, bool isTorn)
    {
        var longest = 0;
        foreach (var start in starts)
        {
            var (length, count) = Spelled(body, start);
            var isAllThereIs = isTorn && start == 0 && length == body.Length;
            if (length > longest && (count == _key.Length || isAllThereIs || IsTelling(_key.AsSpan(start, count)))) longest = length;
        }
        return longest;
    }

    /// <summary>How far the body spells the key from one of its characters on.</summary>
    private (int Length, int Count) Spelled(ReadOnlySpan<byte> body, int start)
    {
        var at = 0;
        for (var i = start; i < _key.Length; i++)
        {
            var length = at == body.Length ? 0 : LengthOf(body.Slice(at), _key[i]);
            if (length == 0) return (at, i - start);
            at += length;
        }
        return (at, _key.Length - start);
    }

    /// <summary>Whether a part of the key is more than a word or a number that an honest answer may hold as well.</summary>
    private static bool IsTelling(ReadOnlySpan<byte> part)
    {
        if (part.Length < LeastLength) return false;
        bool digit = false, lower = false, upper = false;
        foreach (var b in part)
        {
            digit |= b is >= (byte)'0' and <= (byte)'9';
            lower |= b is >= (byte)'a' and <= (byte)'z';
            upper |= b is >= (byte)'A' and <= (byte)'Z';
        }
        return (lower && upper) || (digit && (lower || upper));
    }

    private int LengthOfEncoded(ReadOnlySpan<byte> body)
    {
        foreach (var encoded in _encoded)
            if (body.StartsWith(encoded)) return encoded.Length;
        return 0;
    }

    private IEnumerable<string> Encoded(int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. _key]).TrimEnd('=');
        // The first and the last character hold bits of what stands beside the key.
        var first = (offset * 8 + 5) / 6;
        var last = (offset + _key.Length) * 8 / 6;
        var plain = text.Substring(first, last - first);
        return [plain, plain.Replace('+', '-').Replace('/', '_')];
    }

    /// <summary>How many bytes from here on spell the key in hexadecimal digits, with or without something between the pairs.</summary>
    private int LengthOfHex(ReadOnlySpan<byte> body)
    {
        if (_key.Length < LeastLength) return 0;
        var at = 0;
        foreach (var wanted in _key)
        {
            if (at > 0 && at < body.Length && body[at] is (byte)'-' or (byte)':' or (byte)' ') at++;
            if (at + 2 > body.Length || Hex.ValueOf(body[at]) * 16 + Hex.ValueOf(body[at + 1]) != wanted) return 0;
            at += 2;
        }
        return at;
    }

    private bool MayHoldHex(ReadOnlySpan<byte> body)
    {
        for (var at = 0; body.Length - at >= _key.Length * 2; at++)
        {
            var next = body.Slice(at).IndexOf((byte)"0123456789abcdef"[_key[0] / 16]);
            if (_key[0] >= 0xA0 || next < 0) return false;
            at += next;
            if (LengthOfHex(body.Slice(at)) > 0) return true;
        }
        return false;
    }

    private static int LengthOfEscape(ReadOnlySpan<byte> body)
    {
        if (body.Length < 6 || body[1] != 'u') return Math.Min(body.Length, 2);
        for (var i = 2; i < 6; i++)
            if (Hex.ValueOf(body[i]) < 0) return 2;
        return 6;
    }

    /// <summary>How many bytes stand here for one of the key: itself, or an escape of JSON or of an address.</summary>
    private static int LengthOf(ReadOnlySpan<byte> body, byte wanted)
    {
        if (body[0] == wanted) return 1;
        if (body[0] == '%' && body.Length >= 3) return Hex.ValueOf(body[1]) * 16 + Hex.ValueOf(body[2]) == wanted ? 3 : 0;
        if (body[0] != '\\' || body.Length < 2) return 0;
        if (body[1] == wanted) return 2;
        if (body[1] != 'u' || body.Length < 6 || body[2] != '0' || body[3] != '0') return 0;
        return Hex.ValueOf(body[4]) * 16 + Hex.ValueOf(body[5]) == wanted ? 6 : 0;
    }

    private static byte[] Quoted(string text)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain)) json.WriteStringValue(text);
        return stream.ToArray();
    }

    private static void Write(MemoryStream stream, ReadOnlySpan<byte> bytes) => stream.Write(bytes.ToArray(), 0, bytes.Length);
}
