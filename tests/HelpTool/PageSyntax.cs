namespace MidJourney.HelpTool;

/// <summary>How a cmdlet is called with one of its parameter sets.</summary>
/// <param name="Name">The set; __AllParameterSets for the only one.</param>
/// <param name="IsDefault">Whether it is taken where the parameters leave it open.</param>
/// <param name="Text">As Get-Command -Syntax writes it, wrapped.</param>
public sealed record PageSyntax(string Name, bool IsDefault, string Text)
{
    private const string DefaultMark = " (Default)";

    internal static PageSyntax Parse(PagePart part)
    {
        var isDefault = part.Heading.EndsWith(DefaultMark, StringComparison.Ordinal);
        var text = part.AroundBlock("").Code ?? throw new FormatException($"The syntax '{part.Heading}' needs a code block.");
        return new(isDefault ? part.Heading[..^DefaultMark.Length] : part.Heading, isDefault, text);
    }

    internal string Write() => $"### {Name}{(IsDefault ? DefaultMark : "")}\n\n```\n{Text}\n```";
}
