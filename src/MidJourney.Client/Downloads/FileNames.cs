using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MidJourney.Downloads;

/// <summary>Makes names that every file system takes, whatever text they come from.</summary>
internal static class FileNames
{
    /// <summary>UTF-8 bytes; leaves room for an extension and a task id within the 255 that file systems allow.</summary>
    private const int MostBytes = 160;

    /// <summary>Characters that can matter to a name; what lies behind them only tells long texts apart.</summary>
    private const int MostCharacters = 1024;

    private static readonly HashSet<string> Reserved = new(
        new[] { "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$" }.Concat(Enumerable.Range(0, 10).Select(n => $"{n}").Concat(["\u00b9", "\u00b2", "\u00b3"])
            .SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A single name, never a path: without what Windows refuses (on any system, so that a folder can be copied anywhere),
    /// without control and direction-changing characters, at most 160 bytes of UTF-8.
    /// </summary>
    /// <param name="text">Any text.</param>
    public static string Safe(string text)
    {
        // Normalising costs time that grows with the square of the length for some texts.
        var start = text.Length > MostCharacters ? text.Substring(0, MostCharacters) : text;
        var name = new StringBuilder(start.Length);
        foreach (var c in Whole(start).Normalize(NormalizationForm.FormC)) name.Append(IsRefused(c) ? '_' : c);
        var trimmed = name.ToString().Trim(' ').TrimEnd('.', ' ');
        if (trimmed.StartsWith(".", StringComparison.Ordinal)) trimmed = "_" + trimmed.TrimStart('.');
        if (trimmed.Length == 0) trimmed = "_";
        if (Reserved.Contains(trimmed.Split('.')[0].TrimEnd(' '))) trimmed = "_" + trimmed;
        if (start.Length < text.Length) return Shortened(trimmed, HashOf(text));
        return Encoding.UTF8.GetByteCount(trimmed) <= MostBytes ? trimmed : Shortened(trimmed, HashOf(trimmed));
    }

    /// <summary>A lone surrogate is no text, and cannot be normalised.</summary>
    private static string Whole(string text)
    {
        var whole = text.ToCharArray();
        for (var i = 0; i < whole.Length; i++)
        {
            if (char.IsHighSurrogate(whole[i]) && i + 1 < whole.Length && char.IsLowSurrogate(whole[i + 1])) i++;
            else if (char.IsSurrogate(whole[i])) whole[i] = '_';
        }
        return new string(whole);
    }

    private static bool IsRefused(char c) => c is '<' or '>' or ':' or '"' or '/' or '\\' or '|' or '?' or '*'
        || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Two long names that differ only at their ends stay different.</summary>
    private static string Shortened(string name, string hash)
    {
        var room = MostBytes - hash.Length - 1;
        var end = 0;
        while (end < name.Length)
        {
            var size = char.IsHighSurrogate(name[end]) ? 2 : 1;
            // A pair is four bytes.
            room -= size == 2 ? 4 : name[end] < 0x80 ? 1 : name[end] < 0x800 ? 2 : 3;
            if (room < 0) break;
            end += size;
        }
        return name.Substring(0, end).TrimEnd('.', ' ') + "~" + hash;
    }

    /// <summary>Eight hexadecimal digits that tell texts apart.</summary>
    internal static string HashOf(string text)
    {
#if NET
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
#else
        using var algorithm = SHA256.Create();
        var hash = algorithm.ComputeHash(Encoding.UTF8.GetBytes(text));
#endif
        return string.Concat(hash.Take(4).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}

/// <summary>The addresses that a file may be had from.</summary>
internal static class FileUrl
{
    /// <summary>Characters; signatures make addresses long, but not that long.</summary>
    private const int MostCharacters = 16 * 1024;

    /// <summary>The address of a file: absolute, of http or https, without a user and a password.</summary>
    /// <param name="text">What is to be one.</param>
    /// <returns>The address; null when the text is something else.</returns>
    public static Uri? TryParse(string? text) =>
        text is { Length: > 0 and <= MostCharacters } && Uri.TryCreate(text, UriKind.Absolute, out var url) && IsAllowed(url) ? url : null;

    /// <summary>Where a redirect leads; null when that is nowhere that a file may be had from.</summary>
    internal static Uri? Next(Uri from, Uri? location)
    {
        if (location is null || location.OriginalString.Length > MostCharacters) return null;
        try { return new Uri(from, location) is var next && IsAllowed(next) ? next : null; }
        catch (UriFormatException) { return null; }
    }

    private static bool IsAllowed(Uri url) =>
        (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0 && url.Host.Length > 0;
}
