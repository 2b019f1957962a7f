using System.Text;

namespace MidJourney.Callbacks;

/// <summary>Undoes the encodings of URLs, forms and JSON strings.</summary>
internal static class EncodedText
{
    /// <summary>The text with <c>%2D</c>, <c>\u002d</c>, <c>\n</c> and <c>\"</c> decoded, all in one pass; null if nothing is encoded.</summary>
    public static byte[]? Decode(byte[] text)
    {
        if (Array.IndexOf(text, (byte)'%') < 0 && Array.IndexOf(text, (byte)'\\') < 0) return null;
        var result = new MemoryStream(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && HexAt(text, at + 1, 2) is >= 0 and var octet)
            {
                result.WriteByte((byte)octet);
                at += 2;
            }
            else if (text[at] != '\\' || at + 1 == text.Length) result.WriteByte(text[at]);
            else if (text[at + 1] == 'u' && HexAt(text, at + 2, 4) is >= 0 and var unit)
            {
                var bytes = Encoding.UTF8.GetBytes([(char)unit]);
                result.Write(bytes, 0, bytes.Length);
                at += 5;
            }
            else result.WriteByte("bfnrt".IndexOf((char)text[++at]) < 0 ? text[at] : (byte)' ');
        }
        return result.Length == text.Length ? null : result.ToArray();
    }

    private static int HexAt(byte[] text, int at, int count)
    {
        if (at + count > text.Length) return -1;
        var value = 0;
        for (var end = at + count; at < end; at++)
        {
            if (!Uri.IsHexDigit((char)text[at])) return -1;
            value = value * 16 + Uri.FromHex((char)text[at]);
        }
        return value;
    }
}
