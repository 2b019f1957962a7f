using System.Text;
using System.Text.RegularExpressions;

namespace MidJourney.Json;

/// <summary>
/// Makes JSON of what is nearly JSON, so that one odd field does not make a paid task unreadable: bare words and numbers that JSON does not have
/// (<c>NaN</c>, <c>undefined</c>, <c>1.</c>) become null, as do missing values and what is nested too deep; control characters and wrong escapes in texts are escaped.
/// </summary>
internal static class JsonRepair
{
    private const int MostDepth = 60;

    private static readonly Regex Good = new(@"^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$", RegexOptions.CultureInvariant);

    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> json)
    {
        var bytes = json.Span;
        using var result = new MemoryStream(bytes.Length + 64);
        var (depth, last) = (0, (byte)0);
        for (var at = 0; at < bytes.Length;)
        {
            var b = bytes[at];
            var end = at + 1;
            if (b == '"') end = CopyText(bytes, at, depth <= MostDepth ? result : null);
            else if (b is (byte)'{' or (byte)'[')
            {
                if (++depth <= MostDepth) result.WriteByte(b);
                else if (depth == MostDepth + 1) Write(result, "null");
            }
            else if (b is (byte)'}' or (byte)']')
            {
                if (last == ':' && depth <= MostDepth) Write(result, "null");
                if (depth-- <= MostDepth) result.WriteByte(b);
                // What follows a whole value is not a part of it.
                if (depth <= 0) break;
            }
            else if (b == '/' && EndOfComment(bytes, at) is > 0 and var after) end = after;
            else if (b is (byte)',' or (byte)':' || IsSpace(b))
            {
                if (b == ',' && last == ':' && depth <= MostDepth) Write(result, "null");
                if (depth <= MostDepth) result.WriteByte(b);
            }
            else
            {
                while (end < bytes.Length && !IsSpace(bytes[end]) && bytes[end] is not ((byte)',' or (byte)':' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)'"')) end++;
                var word = Encoding.UTF8.GetString(bytes.Slice(at, end - at).ToArray());
                if (depth <= MostDepth) Write(result, Good.IsMatch(word) ? word : "null");
            }
            if (!IsSpace(b) && depth <= MostDepth) last = b;
            at = end;
        }
        return result.ToArray();
    }

    /// <summary>Copies a text with its quotes; without a target, only finds its end.</summary>
    private static int CopyText(ReadOnlySpan<byte> bytes, int start, MemoryStream? result)
    {
        result?.WriteByte((byte)'"');
        var at = start + 1;
        for (; at < bytes.Length && bytes[at] != '"'; at++)
        {
            if (bytes[at] < 0x20) WriteIf(result, $"\\u{bytes[at]:x4}");
            else if (bytes[at] != '\\') result?.WriteByte(bytes[at]);
            else if (LengthOfEscape(bytes.Slice(at)) is > 0 and var length)
            {
                WriteIf(result, Encoding.ASCII.GetString(bytes.Slice(at, length).ToArray()));
                at += length - 1;
            }
            else WriteIf(result, "\\\\");
        }
        // A text without an end leaves the whole without one.
        if (at < bytes.Length) result?.WriteByte((byte)'"');
        return Math.Min(bytes.Length, at + 1);
    }

    private static int LengthOfEscape(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return 0;
        if (bytes[1] != 'u') return "\"\\/bfnrt".IndexOf((char)bytes[1]) >= 0 ? 2 : 0;
        if (bytes.Length < 6) return 0;
        for (var i = 2; i < 6; i++)
            if (Hex.ValueOf(bytes[i]) < 0) return 0;
        return 6;
    }

    private static int EndOfComment(ReadOnlySpan<byte> bytes, int at)
    {
        if (at + 1 >= bytes.Length || bytes[at + 1] != '*') return 0;
        var end = bytes.Slice(at + 2).IndexOf("*/"u8);
        return end < 0 ? 0 : at + 2 + end + 2;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static void WriteIf(MemoryStream? result, string text)
    {
        if (result is not null) Write(result, text);
    }

    private static void Write(MemoryStream result, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        result.Write(bytes, 0, bytes.Length);
    }
}

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

/// <summary>Hexadecimal digits in bytes.</summary>
internal static class Hex
{
    /// <summary>0 to 15; -1 for what is no digit.</summary>
    public static int ValueOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
