using System.Globalization;
using System.Xml.Linq;

namespace MidJourney.HelpTool;

/// <summary>Makes of pages what Get-Help reads.</summary>
public static class Maml
{
    /// <summary>A module's help file is named after the DLL that holds the cmdlets.</summary>
    public const string FileName = "MidJourney.dll-Help.xml";

    private const string Switch = "System.Management.Automation.SwitchParameter";

    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace M = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The file's text.</summary>
    public static string Write(IEnumerable<CommandPage> pages)
    {
        var items = new XElement(Msh + "helpItems", new XAttribute("schema", "maml"), pages.OrderBy(p => p.Name, StringComparer.Ordinal).Select(WriteCommand));
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{items.ToString().ReplaceLineEndings("\n")}\n";
    }

    /// <summary>The description without the marks of bold text, which Get-Help cannot show, and the names that the page links to.</summary>
    /// <remarks>Not as links: for any link, Get-Help offers -Online, and these pages have no public address.</remarks>
    public static string DescriptionOf(CommandPage page) => $"{page.Description.Replace("**", "")}\n\nSee also: {string.Join(", ", page.Links.Split('\n').Select(LinkText))}.";

    /// <summary>The paragraphs of a text: what is parted by empty lines, and every item of a list.</summary>
    public static IEnumerable<string> Paragraphs(string text)
    {
        var paragraph = new List<string>();
        foreach (var line in text.Split('\n').Append(""))
        {
            if ((line.Length == 0 || line.StartsWith("- ", StringComparison.Ordinal)) && paragraph.Count > 0)
            {
                yield return string.Join(' ', paragraph);
                paragraph.Clear();
            }
            if (line.Length > 0) paragraph.Add(line.Trim());
        }
    }

    private static XElement WriteCommand(CommandPage page)
    {
        var verbAndNoun = page.Name.Split('-', 2);
        return new XElement(Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", M), new XAttribute(XNamespace.Xmlns + "command", Command), new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(Command + "details",
                new XElement(Command + "name", page.Name),
                new XElement(Command + "verb", verbAndNoun[0]),
                new XElement(Command + "noun", verbAndNoun[1]),
                Description(page.Synopsis)),
            Description(DescriptionOf(page)),
            new XElement(Command + "syntax", page.Syntax.Select(s => WriteSyntax(page, s))),
            new XElement(Command + "parameters", page.Parameters.Select(p => WriteParameter(p, null))),
            new XElement(Command + "inputTypes", page.Inputs.Select(i => WriteType("inputType", i))),
            new XElement(Command + "returnValues", page.Outputs.Select(o => WriteType("returnValue", o))),
            new XElement(M + "alertSet", new XElement(M + "alert", Paras(page.Notes))),
            WriteExamples(page));
    }

    private static XElement WriteExamples(CommandPage page) => new(Command + "examples", page.Examples.Select(example => new XElement(Command + "example",
        new XElement(M + "title", $"--------- {example.Title} ---------"),
        new XElement(M + "introduction", Paras(example.Introduction)),
        new XElement(Dev + "code", example.Code),
        // Without the empty one the next title follows at once.
        new XElement(Dev + "remarks", Paras(example.Remarks), new XElement(M + "para")))));

    private static XElement WriteSyntax(CommandPage page, PageSyntax syntax) => new(Command + "syntaxItem",
        new XElement(M + "name", page.Name),
        page.Parameters.Where(p => !p.DontShow && SetOf(p, syntax.Name) is not null)
            .OrderBy(p => PositionIn(syntax, p)).Select(p => WriteParameter(p, syntax.Name)));

    private static int PositionIn(PageSyntax syntax, PageParameter parameter)
    {
        foreach (var end in new[] { " ", "]", "\n" })
            if (syntax.Text.IndexOf($"-{parameter.Name}{end}", StringComparison.Ordinal) is >= 0 and var at) return at;
        throw new FormatException($"The syntax '{syntax.Name}' lacks -{parameter.Name}; refresh the page.");
    }

    private static PageParameterSet? SetOf(PageParameter parameter, string set) => parameter.ParameterSets.FirstOrDefault(s => s.Name == "(All)" || s.Name == set);

    private static XElement WriteParameter(PageParameter parameter, string? set)
    {
        var bound = set is null ? parameter.ParameterSets : [SetOf(parameter, set)!];
        var shortType = parameter.Type.Split('.')[^1];
        return new XElement(Command + "parameter",
            new XAttribute("required", Lower(bound.Any(s => s.IsRequired))),
            new XAttribute("variableLength", Lower(parameter.Type.EndsWith("[]", StringComparison.Ordinal))),
            new XAttribute("globbing", Lower(parameter.SupportsWildcards)),
            new XAttribute("pipelineInput", Pipeline(bound)),
            new XAttribute("position", bound.Select(s => s.Position).FirstOrDefault("Named").ToLowerInvariant()),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(M + "name", parameter.Name),
            Description(parameter.Description),
            parameter.AcceptedValues.Count == 0 || set is null ? null : new XElement(Command + "parameterValueGroup", parameter.AcceptedValues.Select(v =>
                new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), v))),
            parameter.Type == Switch ? null : new XElement(Command + "parameterValue",
                new XAttribute("required", "true"), new XAttribute("variableLength", Lower(parameter.Type.EndsWith("[]", StringComparison.Ordinal))), shortType),
            new XElement(Dev + "type", new XElement(M + "name", parameter.Type), new XElement(M + "uri")),
            WriteDefault(parameter));
    }

    private static XElement WriteDefault(PageParameter parameter) => new(Dev + "defaultValue", parameter.DefaultValue.Length == 0 ? "None" : parameter.DefaultValue);

    private static string Pipeline(IReadOnlyList<PageParameterSet> sets) => (sets.Any(s => s.ValueFromPipeline), sets.Any(s => s.ValueFromPipelineByPropertyName)) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static XElement WriteType(string name, PagePart type) => new(Command + name,
        new XElement(Dev + "type", new XElement(M + "name", type.Heading)), Description(type.Text));

    /// <summary>Of "- [text](address)" or "- text", the text.</summary>
    private static string LinkText(string line) => line["- ".Length..].Trim().TrimStart('[').Split("](")[0];

    private static XElement Description(string text) => new(M + "description", Paras(text));

    private static IEnumerable<XElement> Paras(string text) => Paragraphs(text).Select(p => new XElement(M + "para", p));

    private static string Lower(bool value) => value.ToString(CultureInfo.InvariantCulture).ToLowerInvariant();
}
