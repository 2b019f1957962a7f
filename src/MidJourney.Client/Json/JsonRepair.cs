using System.Text;
using System.Text.RegularExpressions;

namespace MidJourney;

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
