using System.Text;

namespace MidJourney.HelpTool;

/// <summary>A cmdlet's page, docs/&lt;Cmdlet&gt;.md, in the schema of PlatyPS 1.x.</summary>
public sealed record CommandPage
{
    /// <summary>What a person has yet to write begins with this.</summary>
    public const string FillIn = "{{ Fill in";

    private static readonly string[] SectionOrder = ["SYNOPSIS", "SYNTAX", "ALIASES", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    private const string CommonParameters = """
        This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,
        -InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,
        -ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see
        [about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).
        """;

    public required string Name { get; init; }

    /// <summary>The YAML at the top, without its fences.</summary>
    public required string FrontMatter { get; init; }

    public string Synopsis { get; init; } = "";

    public IReadOnlyList<PageSyntax> Syntax { get; init; } = [];

    public string Aliases { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<PageExample> Examples { get; init; } = [];

    public IReadOnlyList<PageParameter> Parameters { get; init; } = [];

    /// <summary>Types and what is to be said of them.</summary>
    public IReadOnlyList<PagePart> Inputs { get; init; } = [];

    public IReadOnlyList<PagePart> Outputs { get; init; } = [];

    public string Notes { get; init; } = "";

    /// <summary>Lines of Markdown, a link each.</summary>
    public string Links { get; init; } = "";

    /// <exception cref="FormatException">It is no such page.</exception>
    public static CommandPage Parse(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = lines[0] == "---" ? Array.IndexOf(lines, "---", 1) : -1;
        if (end < 0) throw new FormatException("The page does not begin with front matter between two lines of ---.");
        var title = PagePart.Split(lines[(end + 1)..], "# ") is [var only] ? only : throw new FormatException("The page needs one title.");
        var sections = PagePart.Split(title.Lines, "## ");
        if (!sections.Select(s => s.Heading).SequenceEqual(SectionOrder))
            throw new FormatException($"The sections of {title.Heading} must be {string.Join(", ", SectionOrder)}; they are {string.Join(", ", sections.Select(s => s.Heading))}.");
        var section = sections.ToDictionary(s => s.Heading);
        return new CommandPage
        {
            Name = title.Heading,
            FrontMatter = string.Join('\n', lines[1..end]),
            Synopsis = section["SYNOPSIS"].Text,
            Syntax = [.. PagePart.Split(section["SYNTAX"].Lines, "### ").Select(PageSyntax.Parse)],
            Aliases = section["ALIASES"].Text,
            Description = section["DESCRIPTION"].Text,
            Examples = [.. PagePart.Split(section["EXAMPLES"].Lines, "### ").Select(PageExample.Parse)],
            Parameters = [.. PagePart.Split(section["PARAMETERS"].Lines, "### ").Where(p => p.Heading != nameof(CommonParameters)).Select(PageParameter.Parse)],
            Inputs = PagePart.Split(section["INPUTS"].Lines, "### "),
            Outputs = PagePart.Split(section["OUTPUTS"].Lines, "### "),
            Notes = section["NOTES"].Text,
            Links = section["RELATED LINKS"].Text,
        };
    }

    /// <summary>The page's file. What was parsed from a file that is in order comes out as the same text.</summary>
    public string Write()
    {
        var page = new StringBuilder($"---\n{FrontMatter}\n---\n\n# {Name}\n\n");
        Add("SYNOPSIS", [Synopsis]);
        Add("SYNTAX", Syntax.Select(s => s.Write()));
        Add("ALIASES", [Aliases]);
        Add("DESCRIPTION", [Description]);
        Add("EXAMPLES", Examples.Select(e => e.Write()));
        Add("PARAMETERS", [.. Parameters.Select(p => p.Write()), $"### {nameof(CommonParameters)}\n\n{CommonParameters}"]);
        Add("INPUTS", Inputs.Select(i => i.Write()));
        Add("OUTPUTS", Outputs.Select(o => o.Write()));
        Add("NOTES", [Notes]);
        Add("RELATED LINKS", [Links]);
        return page.ToString().TrimEnd('\n') + "\n";

        void Add(string heading, IEnumerable<string> parts)
        {
            page.Append("## ").Append(heading).Append("\n\n");
            foreach (var part in parts.Where(p => p.Length > 0)) page.Append(part.ReplaceLineEndings("\n")).Append("\n\n");
        }
    }
}
