using System.Globalization;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MidJourney.Gallery;

/// <summary>
/// Writes a gallery as one HTML file. The page is complete without its script, which adds the filter, choosing and the viewer. It has no style attributes, no scripts but its own and
/// no links but relative ones, so that its Content-Security-Policy can forbid everything else.
/// </summary>
internal static class GalleryPage
{
    /// <summary>A file whose beginning contains this text is a gallery, and may be replaced.</summary>
    public const string Generator = "<meta name=\"generator\" content=\"MidJourney\">";

    public static void Write(TextWriter page, GalleryContent content)
    {
        var groups = content.Groups.OrderByDescending(g => GalleryTotals.Of(g).Latest ?? DateTimeOffset.MinValue).ToList();
        var total = new GalleryTotals(groups.SelectMany(GalleryTotals.Tasks));
        var script = Resource("gallery.js");
        WriteHead(page, content.Title, Resource("gallery.css") + RatioRules(groups), script);
        WriteHeader(page, content, total);
        page.Write("<main id=\"groups\">\n");
        var tiles = new GalleryTiles(page);
        foreach (var group in groups) tiles.Write(group);
        page.Write("</main>\n");
        WriteBar(page, content.SaveFolder);
        page.Write(Viewer);
        page.Write($"<script>{script}</script>\n</body>\n</html>\n");
    }

    private static void WriteHead(TextWriter page, string title, string style, string script) => page.Write($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src '{HashOf(style)}'; script-src '{HashOf(script)}'; base-uri 'none'; form-action 'none'">
        {Generator}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>{Html.Encode(title)}</title>
        <style>{style}</style>
        </head>
        <body>

        """.Replace("\r\n", "\n"));

    private static void WriteHeader(TextWriter page, GalleryContent content, GalleryTotals total) => page.Write($"""
        <header class="page">
        <h1 dir="auto">{Html.Encode(content.Title)}</h1>
        <p class="facts"><span>{Messages.Count(content.Groups.Count(g => g.Prompt is not null), "prompt")}</span>{total.Facts()}<span>written {Time(content.CreatedAt)}</span></p>
        <noscript><p>This page shows everything without scripts, but filtering, choosing and comparing need them.</p></noscript>
        </header>
        <div class="tools" role="search" aria-label="Filter and sort" hidden>
        <input type="search" id="filter" aria-label="Filter by text" placeholder="Filter by prompt, ID, step or error" autocomplete="off" spellcheck="false">
        <select id="state" aria-label="Filter by state" autocomplete="off"><option value="">All states</option>{Options(total.States.Select(s => (s, GalleryTotals.StateText(s))))}</select>
        <select id="model" aria-label="Filter by model" autocomplete="off"><option value="">All models</option>{Options(total.Models.Select(m => (m, m)))}</select>
        <select id="sort" aria-label="Sort" autocomplete="off"><option value="newest">Newest first</option><option value="oldest">Oldest first</option><option value="cost">Highest cost first</option><option value="prompt">By prompt</option></select>
        <output id="count" aria-live="polite"></output>
        <details class="keys"><summary>Keys</summary><ul>
        <li><kbd>Tab</kbd> to an image, then <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> move</li>
        <li><kbd>Space</kbd> or <kbd>Enter</kbd> chooses the image</li>
        <li><kbd>1</kbd>–<kbd>4</kbd> choose the first to fourth image of the same task</li>
        <li><kbd>v</kbd> views the image, then <kbd>←</kbd> <kbd>→</kbd> move, <kbd>Space</kbd> chooses, <kbd>c</kbd> compares</li>
        <li><kbd>/</kbd> goes to the filter, <kbd>?</kbd> shows these keys, <kbd>Esc</kbd> closes, and empties the filter</li>
        </ul></details>
        </div>
        <p id="none" class="none" hidden>Nothing matches the filter.</p>

        """.Replace("\r\n", "\n"));

    private static void WriteBar(TextWriter page, string? saveFolder) => page.Write($"""
        <section id="bar" aria-label="Chosen images" data-save="{Html.Encode(SaveParameter(saveFolder))}" hidden>
        <output id="chosen" aria-live="polite"></output>
        <select id="action" aria-label="What to do with the chosen images" autocomplete="off">
        <optgroup label="Upscale">
        <option value="Invoke-MJUpscale Creative">Upscale: Creative</option>
        <option value="Invoke-MJUpscale Standard">Upscale: Standard (MidJourney: Subtle)</option>
        <option value="Invoke-MJUpscale V5_2x">Upscale: V5_2x</option>
        <option value="Invoke-MJUpscale V5_4x">Upscale: V5_4x</option>
        </optgroup>
        <optgroup label="Vary">
        <option value="Invoke-MJVariation Subtle">Vary: Subtle</option>
        <option value="Invoke-MJVariation Strong">Vary: Strong</option>
        </optgroup>
        </select>
        <input id="command" type="text" readonly aria-label="PowerShell command" autocomplete="off" spellcheck="false" dir="ltr">
        <button type="button" id="copy" class="primary">Copy command</button>
        <button type="button" id="clear">Clear</button>
        </section>

        """.Replace("\r\n", "\n"));

    private static readonly string Viewer = """
        <dialog id="viewer" aria-label="Viewer">
        <figure>
        <div class="stage"><div class="frame" tabindex="-1">
        <img id="before" alt="" hidden><img id="large" alt="">
        <input type="range" id="split" min="0" max="100" value="50" aria-label="Divider: the source is on the left, the result on the right" hidden>
        <span class="side" id="left" hidden></span><span class="side" id="right" hidden></span>
        </div></div>
        <figcaption aria-live="polite"><p id="caption" dir="auto"></p><p id="facts" class="facts"></p></figcaption>
        </figure>
        <div class="buttons">
        <button type="button" id="previous" aria-label="Previous image">←</button>
        <button type="button" id="next" aria-label="Next image">→</button>
        <button type="button" id="choose" aria-pressed="false">Choose</button>
        <button type="button" id="compare" aria-pressed="false">Compare with source</button>
        <a id="file">Open file</a>
        <button type="button" id="close">Close</button>
        </div>
        </dialog>

        """.Replace("\r\n", "\n");

    /// <summary>A time in UTC, which the script shows in the reader's time zone.</summary>
    public static string Time(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return FormattableString.Invariant($"<time datetime=\"{utc:yyyy-MM-dd'T'HH:mm:ss'Z'}\">{utc:yyyy-MM-dd HH:mm} UTC</time>");
    }

    /// <summary>The shape of a prompt's images, from <c>--ar</c>, such as <c>16:9</c>, so that their boxes have it before they are loaded; null if the prompt does not say.</summary>
    public static (int Width, int Height)? Ratio(string? prompt)
    {
        var match = Regex.Match(prompt ?? "", @"--(?:ar|aspect)\s+([0-9]{1,3}):([0-9]{1,3})(?![0-9])", RegexOptions.RightToLeft | RegexOptions.CultureInvariant);
        if (!match.Success) return null;
        var (width, height) = (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        return (width, height) is not ( > 0, > 0) ? null : width > 3 * height ? (3, 1) : height > 3 * width ? (1, 3) : (width, height);
    }

    /// <summary>Style attributes would need a weaker policy, so each shape has a rule.</summary>
    private static string RatioRules(IEnumerable<GalleryGroup> groups) => string.Concat(groups
        .SelectMany(g => GalleryTotals.Tasks(g).Select(t => t.Prompt).Append(g.Prompt))
        .Select(Ratio).OfType<(int Width, int Height)>().Distinct()
        .Select(r => FormattableString.Invariant($".r{r.Width}x{r.Height} {{ --ratio: {r.Width} / {r.Height} }}\n")));

    private static string Options(IEnumerable<(string Value, string Text)> options) =>
        string.Concat(options.Select(o => $"<option value=\"{Html.Encode(o.Value)}\">{Html.Encode(o.Text)}</option>"));

    private static string SaveParameter(string? folder) =>
        folder is null ? "" : $" -{(WildcardPattern.ContainsWildcardCharacters(folder) ? "LiteralPath" : "Path")} {PowerShellText.Literal(folder)}";

    /// <summary>As HTML reads it, which the hash depends on: without carriage returns.</summary>
    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(GalleryPage).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }

    private static string HashOf(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return "sha256-" + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
