namespace MidJourney;

/// <summary>
/// Takes the API key out of a body that repeats it, plain or with JSON escapes, so that it comes into no object, message
/// or file.
/// </summary>
internal sealed class KeyRedactor(string apiKey)
{
    /// <summary>A shorter text is no secret, and may well be part of an honest answer.</summary>
    private const int LeastLength = 8;

    private readonly byte[] _key = System.Text.Encoding.UTF8.GetBytes(apiKey);

    /// <param name="body">The body; changed only by way of a copy.</param>
    /// <param name="isTorn">It broke off, so that it may end within the key.</param>
    public ReadOnlyMemory<byte> Redact(ReadOnlyMemory<byte> body, bool isTorn)
    {
        if (_key.Length < LeastLength) return body;
        byte[]? copy = null;
        for (var at = 0; at < body.Length; at++)
        {
            var length = MatchAt(body.Span.Slice(at), isTorn);
            if (length == 0) continue;
            (copy ??= body.ToArray()).AsSpan(at, length).Fill((byte)'*');
            at += length - 1;
        }
        return copy ?? body;
    }

    /// <summary>How many bytes from here on spell the key; 0 for none.</summary>
    private int MatchAt(ReadOnlySpan<byte> body, bool isTorn)
    {
        var at = 0;
        foreach (var wanted in _key)
        {
            if (at == body.Length) return isTorn ? at : 0;
            var length = LengthOf(body.Slice(at), wanted);
            if (length == 0) return 0;
            at += length;
        }
        return at;
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
