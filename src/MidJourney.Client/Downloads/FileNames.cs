using System.Globalization;
using System.Text;

namespace MidJourney.Downloads;

/// <summary>Makes file names that are valid on every file system, from any text.</summary>
internal static class FileNames
{
    /// <summary>In UTF-8; leaves room for an extension and a task id within the 255 bytes that file systems allow.</summary>
    private const int MaxBytes = 160;

    /// <summary>The rest of a longer text counts only in the hash.</summary>
    private const int MaxCharacters = 1024;

    private static readonly HashSet<string> Reserved = new(
        new[] { "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$" }.Concat(Enumerable.Range(0, 10).Select(n => $"{n}").Concat(["\u00b9", "\u00b2", "\u00b3"])
            .SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A single name, never a path: without what Windows does not allow (on any system, so that a folder can be copied anywhere), without control characters
    /// and characters that change the text direction, at most 160 bytes of UTF-8.
    /// </summary>
    public static string Safe(string text)
    {
        // For some texts, the time to normalize grows with the square of the length.
        var start = text.Length > MaxCharacters ? text.Substring(0, MaxCharacters) : text;
        var name = new StringBuilder(start.Length);
        foreach (var c in ReplaceLoneSurrogates(start).Normalize(NormalizationForm.FormC)) name.Append(IsInvalid(c) ? '_' : c);
        var trimmed = name.ToString().Trim(' ').TrimEnd('.', ' ');
        if (trimmed.StartsWith(".", StringComparison.Ordinal)) trimmed = "_" + trimmed.TrimStart('.');
        if (trimmed.Length == 0) trimmed = "_";
        if (Reserved.Contains(trimmed.Split('.')[0].TrimEnd(' '))) trimmed = "_" + trimmed;
        if (start.Length < text.Length) return Shorten(trimmed, HashOf(text));
        return Encoding.UTF8.GetByteCount(trimmed) <= MaxBytes ? trimmed : Shorten(trimmed, HashOf(trimmed));
    }

    /// <summary>Whether a name consists of a beginning and a number.</summary>
    public static bool IsNumbered(string name, string beginning) =>
        name.Length > beginning.Length && name.StartsWith(beginning, StringComparison.Ordinal) && name.Skip(beginning.Length).All(c => c is >= '0' and <= '9');

    /// <summary>Text with a lone surrogate cannot be normalized.</summary>
    private static string ReplaceLoneSurrogates(string text)
    {
        var result = text.ToCharArray();
        for (var i = 0; i < result.Length; i++)
        {
            if (char.IsHighSurrogate(result[i]) && i + 1 < result.Length && char.IsLowSurrogate(result[i + 1])) i++;
            else if (char.IsSurrogate(result[i])) result[i] = '_';
        }
        return new string(result);
    }

    private static bool IsInvalid(char c) => c is '<' or '>' or ':' or '"' or '/' or '\\' or '|' or '?' or '*'
        || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Two long names that differ only at the end stay different, because of the hash.</summary>
    private static string Shorten(string name, string hash) => Fit(name, MaxBytes - hash.Length - 1).TrimEnd('.', ' ') + "~" + hash;

    /// <summary>The beginning of a text that has at most this many bytes in UTF-8.</summary>
    public static string Fit(string text, int bytes)
    {
        var end = 0;
        while (end < text.Length)
        {
            var size = char.IsHighSurrogate(text[end]) ? 2 : 1;
            // A surrogate pair is four bytes.
            bytes -= size == 2 ? 4 : text[end] < 0x80 ? 1 : text[end] < 0x800 ? 2 : 3;
            if (bytes < 0) break;
            end = Math.Min(end + size, text.Length);
        }
        return text.Substring(0, end);
    }

    private static string HashOf(string text) => FrameworkCompat.ToHex(FrameworkCompat.Sha256(Encoding.UTF8.GetBytes(text))).Substring(0, 8);
}

/// <summary>The URLs that files are downloaded from: absolute, http or https, without user info.</summary>
internal static class FileUrl
{
    /// <summary>Signatures make URLs long, but not this long.</summary>
    private const int MaxLength = 16 * 1024;

    public static Uri? TryParse(string? text) =>
        text is { Length: > 0 and <= MaxLength } && Uri.TryCreate(text, UriKind.Absolute, out var url) && IsAllowed(url) ? url : null;

    /// <summary>The target of a redirect; null if it is not an allowed URL.</summary>
    internal static Uri? Next(Uri from, Uri? location)
    {
        if (location is null || location.OriginalString.Length > MaxLength) return null;
        try { return new Uri(from, location) is var next && IsAllowed(next) ? next : null; }
        catch (UriFormatException) { return null; }
    }

    private static bool IsAllowed(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0 && url.Host.Length > 0;
}
