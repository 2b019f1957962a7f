using System.Text.RegularExpressions;

namespace MidJourney.HelpTool;

/// <summary>The lists of cmdlets in other files: the manifest, docs/README.md and about_MidJourney. They are generated from the pages.</summary>
public static partial class CmdletLists
{
    private const int MaxWidth = 78;

    /// <summary>The files that contain a list, as they should be.</summary>
    /// <param name="root">The repository.</param>
    /// <returns>Each file's path in the repository, and its text.</returns>
    /// <exception cref="FormatException">A file has no list.</exception>
    public static IReadOnlyDictionary<string, string> Write(string root)
    {
        var pages = Pages.Read(Path.Combine(root, "docs")).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        return new Dictionary<string, string>
        {
            ["MidJourney.psd1"] = Replace(root, "MidJourney.psd1", Exports(), string.Concat(pages.Select(p => $"        '{p.Name}'\n"))),
            ["docs/README.md"] = Replace(root, "docs/README.md", CmdletTable(), string.Concat(pages.Select(p => $"| [`{p.Name}`]({p.Name}.md) | {Summary(p)} |\n"))),
            ["src/MidJourney/en-US/about_MidJourney.help.txt"] = Replace(root, "src/MidJourney/en-US/about_MidJourney.help.txt", AboutSection(), "\n" + string.Concat(pages.Select(Entry)) + "\n"),
        };
    }

    /// <summary>The first sentence of the synopsis.</summary>
    private static string Summary(CommandPage page) => page.Synopsis.Split(". ")[0].TrimEnd('.');

    /// <summary>The name, and below it the summary in lines that fit a console of 80 columns.</summary>
    private static string Entry(CommandPage page)
    {
        // Lines with an indent of eight or more are examples, which tests run.
        const string Indent = "      ";
        var lines = new List<string> { "    " + page.Name, Indent };
        foreach (var word in Summary(page).Split(' '))
        {
            if (lines[^1].Length + word.Length >= MaxWidth) lines.Add(Indent);
            lines[^1] += lines[^1].Length == Indent.Length ? word : " " + word;
        }
        return string.Join('\n', lines) + "\n";
    }

    private static string Replace(string root, string file, Regex place, string list)
    {
        var text = File.ReadAllText(Path.Combine(root, file)).ReplaceLineEndings("\n");
        if (place.Count(text) != 1) throw new FormatException($"{file}: the list of cmdlets is missing.");
        return place.Replace(text, m => m.Groups["before"].Value + list + m.Groups["after"].Value);
    }

    [GeneratedRegex(@"(?<before>CmdletsToExport\s*=\s*@\(\n)[^)]*?(?<after>[ ]*\))")]
    private static partial Regex Exports();

    [GeneratedRegex(@"(?<before>\| cmdlet \| \|\n\|---\|---\|\n)(\| \[?`[A-Z][a-z]+-MJ.*\n)*(?<after>)")]
    private static partial Regex CmdletTable();

    [GeneratedRegex(@"(?<before>(?<=\n)CMDLETS\n)((?![A-Z]).*\n)*(?<after>)")]
    private static partial Regex AboutSection();
}
