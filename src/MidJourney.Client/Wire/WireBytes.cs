using System.Text;

namespace MidJourney;

/// <summary>Makes a body fit to be read as JSON text: valid UTF-8, no byte order mark, no escapes that are half a character.</summary>
internal static class WireBytes
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> Replacement => "\\ufffd"u8;

    /// <summary>The same bytes where nothing is wrong with them.</summary>
    public static ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(Mark)) body = body.Slice(Mark.Length);
        if (!IsUtf8(body)) body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.ToArray()));
        return HasSurrogateEscape(body.Span) ? WithoutLoneSurrogates(body.ToArray()) : body;
    }

    private static bool IsUtf8(ReadOnlyMemory<byte> body)
    {
#if NET
        return System.Text.Unicode.Utf8.IsValid(body.Span);
#else
        try { return Strict.GetCharCount(body.ToArray()) >= 0; }
        catch (DecoderFallbackException) { return false; }
#endif
    }

    private static bool HasSurrogateEscape(ReadOnlySpan<byte> body) => body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0;

    private static byte[] WithoutLoneSurrogates(byte[] body)
    {
        for (var at = 0; at < body.Length; at++)
        {
            if (body[at] != '\\') continue;
            if (UnitAt(body, at) is not { } unit)
            {
                at++;
                continue;
            }
            if (char.IsHighSurrogate(unit) && UnitAt(body, at + 6) is { } next && char.IsLowSurrogate(next)) at += 11;
            else
            {
                if (char.IsSurrogate(unit)) Replacement.CopyTo(body.AsSpan(at));
                at += 5;
            }
        }
        return body;
    }

    /// <summary>The code unit that an escape <c>\uXXXX</c> stands for; null where there is none.</summary>
    private static char? UnitAt(byte[] body, int at)
    {
        if (at + 6 > body.Length || body[at] != '\\' || body[at + 1] != 'u') return null;
        var unit = 0;
        for (var i = at + 2; i < at + 6; i++)
        {
            var digit = Hex.ValueOf(body[i]);
            if (digit < 0) return null;
            unit = unit * 16 + digit;
        }
        return (char)unit;
    }
}
