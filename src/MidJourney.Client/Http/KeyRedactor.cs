using System.Text;

namespace MidJourney;

/// <summary>
/// Takes the API key, and any part of it long enough to tell, out of what repeats it, plain or with JSON escapes, so that
/// it comes into no object, message or file.
/// </summary>
internal sealed class KeyRedactor
{
    /// <summary>A shorter text is no secret, and may well be part of an honest answer.</summary>
    private const int LeastLength = 8;

    /// <summary>Pieces of the key of so many bytes, so far apart that each part of <see cref="LeastLength"/> bytes holds a whole one.</summary>
    private const int PieceLength = 4, PieceDistance = LeastLength - PieceLength + 1;

    private readonly byte[] _key;

    /// <summary>Where in the key a match may begin, by the byte that it begins with.</summary>
    private readonly int[]?[] _starts = new int[256][];

    public KeyRedactor(string apiKey)
    {
        _key = Encoding.UTF8.GetBytes(apiKey);
        if (_key.Length < LeastLength) return;
        var places = Enumerable.Range(0, _key.Length).ToArray();
        foreach (var group in places.GroupBy(i => _key[i])) _starts[group.Key] = [.. group];
        _starts['\\'] = places;
    }

    /// <param name="body">The body; changed only by way of a copy.</param>
    /// <param name="isTorn">It broke off, so that it may end within the key.</param>
    public ReadOnlyMemory<byte> Redact(ReadOnlyMemory<byte> body, bool isTorn)
    {
        var bytes = body.Span;
        if (!isTorn && !MayHoldPart(bytes)) return body;
        byte[]? copy = null;
        for (var at = 0; at < bytes.Length; at++)
        {
            var length = _starts[bytes[at]] is { } starts ? LengthAt(bytes.Slice(at), starts, isTorn) : 0;
            if (length > 0) (copy ??= body.ToArray()).AsSpan(at, length).Fill((byte)'*');
            // The last digit of an escape is no beginning of the key: without it, the rest would not be JSON any more.
            else if (bytes[at] == '\\') length = LengthOfEscape(bytes.Slice(at));
            if (length > 0) at += length - 1;
        }
        return copy ?? body;
    }

    /// <summary>The text without the key; the same instance where it is not in it.</summary>
    public string Redact(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var redacted = Redact(bytes, isTorn: false);
        return redacted.Span.SequenceEqual(bytes) ? text : Encoding.UTF8.GetString(redacted.ToArray());
    }

    /// <summary>Whether it is worth looking at every byte: hardly ever, and the framework finds that out many bytes at a time.</summary>
    private bool MayHoldPart(ReadOnlySpan<byte> body)
    {
        if (_key.Length < LeastLength) return false;
        if (body.IndexOf((byte)'\\') >= 0) return true;
        for (var at = 0; at + PieceLength <= _key.Length; at += PieceDistance)
            if (body.IndexOf(_key.AsSpan(at, PieceLength)) >= 0) return true;
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

    private static int LengthOfEscape(ReadOnlySpan<byte> body)
    {
        if (body.Length < 6 || body[1] != 'u') return Math.Min(body.Length, 2);
        for (var i = 2; i < 6; i++)
            if (Hex.ValueOf(body[i]) < 0) return 2;
        return 6;
    }

    private static int LengthOf(ReadOnlySpan<byte> body, byte wanted)
    {
        if (body[0] == wanted) return 1;
        if (body[0] != '\\' || body.Length < 2) return 0;
        if (body[1] == wanted) return 2;
        if (body[1] != 'u' || body.Length < 6 || body[2] != '0' || body[3] != '0') return 0;
        return Hex.ValueOf(body[4]) * 16 + Hex.ValueOf(body[5]) == wanted ? 6 : 0;
    }
}
