using System.Globalization;
using System.Text;

namespace MidJourney;

/// <summary>
/// Ids that came off the wire: opaque, so that they are sent back exactly as they came, and yet fit to be shown. What is
/// unprintable in one is kept as <c>\uXXXX</c> and turned back when it is sent.
/// </summary>
internal static class WireId
{
    private const int EscapeLength = 6;

    /// <summary>What the wire gave for an id, as objects hold it; null when it cannot be one, or could not be asked for.</summary>
    /// <param name="text">The text or number; null for none.</param>
    /// <param name="key">Hides the key, should it be in the id.</param>
    public static string? From(string? text, KeyRedactor key) =>
        text is { Length: <= MJTask.MaxIdLength } && text.IndexOf('\ufffd') < 0 && text != "0" && GatewayUris.CanBeId(text) ? Shown(key.HideInId(text)) : null;

    /// <summary>The id as objects hold it; the same text for every id that is printable.</summary>
    public static string Shown(string id) =>
        WireText.IsPrintable(id) ? id : WireText.Printable(id.Replace("\\", "\\u005c"));

    /// <summary>The id as the gateway wrote it.</summary>
    public static string Exact(string shown)
    {
        if (shown.IndexOf("\\u", StringComparison.Ordinal) < 0) return shown;
        var exact = new StringBuilder(shown.Length);
        for (var at = 0; at < shown.Length;)
        {
            var unit = UnitAt(shown, at);
            exact.Append(unit ?? shown[at]);
            at += unit is null ? 1 : EscapeLength;
        }
        return exact.ToString();
    }

    /// <summary>What an escape stands for that <see cref="Shown"/> may have made; null where there is none.</summary>
    private static char? UnitAt(string text, int at)
    {
        if (at + EscapeLength > text.Length || text[at] != '\\' || text[at + 1] != 'u') return null;
        if (!ushort.TryParse(text.Substring(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)) return null;
        return unit == '\\' || WireText.IsUnprintable((char)unit) ? (char)unit : null;
    }
}
