using System.Text.RegularExpressions;

namespace MidJourney.PackageTool;

/// <summary>What CHANGELOG.md says of one version.</summary>
public static partial class ReleaseNotes
{
    /// <exception cref="FormatException">It says nothing of that version.</exception>
    public static string Of(string version, string changelog)
    {
        var sections = Heading().Matches(changelog);
        var own = sections.FirstOrDefault(h => h.Groups["version"].Value == version) ?? throw new FormatException($"CHANGELOG.md has no section [{version}].");
        var end = own.NextMatch() is { Success: true } next ? next.Index : changelog.Length;
        var notes = changelog[(own.Index + own.Length)..end].ReplaceLineEndings("\n").Trim();
        return notes.Length > 0 ? notes : throw new FormatException($"The section [{version}] of CHANGELOG.md is empty.");
    }

    [GeneratedRegex(@"^## \[(?<version>[^\]]+)\].*$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
