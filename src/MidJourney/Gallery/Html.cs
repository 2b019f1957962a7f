using System.Globalization;
using System.Text;

namespace MidJourney.Gallery;

/// <summary>Makes text that others wrote safe in HTML.</summary>
internal static class Html
{
    /// <summary>The text for an element's content or a quoted attribute; characters that control a terminal or turn the reading direction are shown as <c>\uXXXX</c>.</summary>
    public static string Encode(string text)
    {
        var html = new StringBuilder(text.Length + 16);
        foreach (var c in SafeText.PrintableLines(text))
        {
            _ = c switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '"' => html.Append("&quot;"),
                '\'' => html.Append("&#39;"),
                _ => html.Append(c),
            };
        }

        return html.ToString();
    }

    /// <summary>
    /// A relative path as a URL that needs no further encoding. It starts with <c>./</c>, so that no part of a name can be read as a scheme or a host. Uri.EscapeDataString
    /// is not used because it depends on the framework.
    /// </summary>
    public static string RelativeUrl(string path)
    {
        var url = new StringBuilder("./");
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            var c = (char)b;
            if (c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '.' or '_' or '~' or '/') url.Append(c);
            else url.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return url.ToString();
    }
}
