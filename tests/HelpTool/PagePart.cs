namespace MidJourney.HelpTool;

/// <summary>A heading of a page and what stands below it.</summary>
public sealed record PagePart(string Heading, IReadOnlyList<string> Lines)
{
    /// <summary>Below the heading, without empty lines around it.</summary>
    public string Text => string.Join('\n', Lines).Trim('\n');

    /// <summary>The parts at one level. Nothing inside a code fence is a heading.</summary>
    public static IReadOnlyList<PagePart> Split(IEnumerable<string> lines, string mark)
    {
        var parts = new List<(string Heading, List<string> Lines)>();
        var isCode = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
            if (!isCode && line.StartsWith(mark, StringComparison.Ordinal)) parts.Add((line[mark.Length..].Trim(), []));
            else if (parts.Count > 0) parts[^1].Lines.Add(line.TrimEnd());
            else if (line.Length > 0) throw new FormatException($"'{line}' stands before the first heading of its level.");
        }
        return [.. parts.Select(p => new PagePart(p.Heading, p.Lines))];
    }

    public string Write() => $"### {Heading}\n\n{Text}";

    /// <summary>Text around at most one fenced block, and what is in that.</summary>
    /// <exception cref="FormatException">There are more.</exception>
    internal (string Before, string? Code, string After) AroundBlock(string language)
    {
        var lines = Lines.ToList();
        var start = lines.IndexOf("```" + language);
        if (start < 0) return (Text, null, "");
        var end = lines.IndexOf("```", start + 1);
        if (end < 0 || lines.IndexOf("```" + language, end + 1) >= 0) throw new FormatException($"'{Heading}' needs one ```{language} block that ends.");
        return (Join(lines[..start]), string.Join('\n', lines[(start + 1)..end]), Join(lines[(end + 1)..]));
    }

    private static string Join(List<string> lines) => string.Join('\n', lines).Trim('\n');
}
