using System.Collections;
using System.Globalization;
using System.Management.Automation;
using MidJourney.HelpTool;

namespace MidJourney.Tests;

/// <summary>Finds where a cmdlet, its page and its help say different things.</summary>
internal static class HelpDrift
{
    public static List<string> Find(CmdletHelp all) => [.. PageAndCommand(all), .. HelpAndPage(all), .. HelpAndCommand(all)];

    /// <summary>What the tool would write into the page, were it run now.</summary>
    public static IEnumerable<string> PageAndCommand(CmdletHelp all)
    {
        var (page, real) = (all.Page, new CommandReader().Refresh(all.Command, all.Page));
        foreach (var name in page.Parameters.Select(p => p.Name).Except(real.Parameters.Select(p => p.Name))) yield return $"page: -{name} is no parameter";
        foreach (var parameter in real.Parameters)
        {
            var written = page.Parameters.FirstOrDefault(p => p.Name == parameter.Name);
            if (written is null) yield return $"page: -{parameter.Name} is missing";
            else
                foreach (var field in typeof(PageParameter).GetProperties())
                    if (Differ(field.GetValue(written), field.GetValue(parameter)))
                        yield return $"page: {field.Name} of -{parameter.Name} is {Show(field.GetValue(written))}, really {Show(field.GetValue(parameter))}";
        }
        if (Differ(page.Syntax, real.Syntax)) yield return $"page: the syntax is {Show(page.Syntax)}, really {Show(real.Syntax)}";
        if (Differ(page.Outputs.Select(o => o.Heading).Where(o => o != "None"), all.Command.OutputType.Select(t => t.Name))) yield return "page: the output types are others";
    }

    public static IEnumerable<string> HelpAndPage(CmdletHelp all)
    {
        var (help, page) = (all.Help, all.Page);
        var facts = new List<(string What, string Helped, string Written)>
        {
            ("name", Plain(help, "Name"), page.Name),
            ("synopsis", Plain(help, "Synopsis"), page.Synopsis),
            ("description", Plain(help, "description"), Maml.DescriptionOf(page)),
            ("notes", Plain(help, "alertSet"), page.Notes),
            ("input types", Types(help, "inputTypes", "inputType"), string.Join(' ', page.Inputs.Select(i => i.Heading + " " + i.Text))),
            ("output types", Types(help, "returnValues", "returnValue"), string.Join(' ', page.Outputs.Select(o => o.Heading + " " + o.Text))),
            ("parameters", string.Join(' ', Items(help, "parameters", "parameter").Select(p => Plain(p, "name"))), string.Join(' ', page.Parameters.Select(p => p.Name))),
            ("parameter sets", string.Join("; ", Items(help, "syntax", "syntaxItem").Select(Shape)), string.Join("; ", page.Syntax.Select(s => Shape(page, s)))),
        };
        foreach (var parameter in page.Parameters)
        {
            var helped = Items(help, "parameters", "parameter").FirstOrDefault(p => Plain(p, "name") == parameter.Name);
            facts.Add(($"description of -{parameter.Name}", Plain(helped, "description"), parameter.Description));
        }
        var examples = Items(help, "examples", "example");
        facts.Add(("number of examples", examples.Count.ToString(CultureInfo.InvariantCulture), page.Examples.Count.ToString(CultureInfo.InvariantCulture)));
        foreach (var (helped, written) in examples.Zip(page.Examples))
        {
            facts.Add(($"title of '{written.Title}'", Plain(helped, "title").Trim('-', ' '), written.Title));
            facts.Add(($"code of '{written.Title}'", Plain(helped, "code"), written.Code));
            facts.Add(($"text of '{written.Title}'", $"{Plain(helped, "introduction")} {Plain(helped, "remarks")}", $"{written.Introduction} {written.Remarks}"));
        }
        return facts.Where(f => Words(f.Helped) != Words(f.Written)).Select(f => $"help: the {f.What} is '{Words(f.Helped)}', on the page '{Words(f.Written)}'");
    }

    public static IEnumerable<string> HelpAndCommand(CmdletHelp all)
    {
        var helped = Items(all.Help, "parameters", "parameter").ToDictionary(p => Plain(p, "name"));
        foreach (var parameter in CommandReader.Own(all.Command))
        {
            if (!helped.Remove(parameter.Name, out var help))
            {
                yield return $"help: -{parameter.Name} is missing";
                continue;
            }
            var bound = all.Command.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.Name == parameter.Name).ToList();
            var ways = new[] { bound.Any(p => p.ValueFromPipelineByPropertyName) ? "ByPropertyName" : "", bound.Any(p => p.ValueFromPipeline) ? "ByValue" : "" }.Where(w => w.Length > 0);
            (string What, string Helped, string Real)[] facts =
            [
                ("type", Plain(Member(help, "type"), "name"), (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).ToString()),
                ("default", Plain(help, "defaultValue"), CommandReader.DefaultOf(all.Command, parameter.Name) is { Length: > 0 } value ? value : "None"),
                ("aliases", Plain(help, "aliases"), parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
                ("position", Plain(help, "position").ToLowerInvariant(), bound.Select(p => p.Position).Max() is >= 0 and var at ? at.ToString(CultureInfo.InvariantCulture) : "named"),
                ("requirement", Plain(help, "required"), bound.Any(p => p.IsMandatory) ? "true" : "false"),
                ("pipeline binding", string.Join(' ', Plain(help, "pipelineInput").Split([' ', ',', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Skip(1).Order()), string.Join(' ', ways)),
            ];
            foreach (var (what, said, real) in facts)
                if (said != real) yield return $"help: the {what} of -{parameter.Name} is '{said}', really '{real}'";
        }
        foreach (var name in helped.Keys) yield return $"help: -{name} is no parameter";
    }

    private static string Shape(PSObject syntax) => string.Join(' ', Items(syntax, "parameter").Select(p => $"{Plain(p, "name")}:{Plain(p, "required")}"));

    private static string Shape(CommandPage page, PageSyntax syntax) => string.Join(' ', page.Parameters
        .Where(p => !p.DontShow)
        .Select(p => (p.Name, Set: p.ParameterSets.FirstOrDefault(s => s.Name == "(All)" || s.Name == syntax.Name), At: syntax.Text.IndexOf($"-{p.Name}", StringComparison.Ordinal)))
        .Where(p => p.Set is not null).OrderBy(p => p.At).Select(p => $"{p.Name}:{(p.Set!.IsRequired ? "true" : "false")}"));

    private static string Types(PSObject help, string list, string item) =>
        string.Join(' ', Items(help, list, item).Select(t => $"{Plain(Member(t, "type"), "name")} {Plain(t, "description")}"));

    private static List<PSObject> Items(PSObject? from, params string[] path)
    {
        object? at = from;
        foreach (var name in path) at = at is PSObject o ? Member(o, name) : null;
        return at switch
        {
            PSObject { BaseObject: IEnumerable several and not string } => [.. several.Cast<object>().Select(PSObject.AsPSObject)],
            IEnumerable several and not (string or PSObject) => [.. several.Cast<object>().Select(PSObject.AsPSObject)],
            PSObject one => [one],
            _ => [],
        };
    }

    private static PSObject? Member(PSObject? from, string name) => from?.Properties[name]?.Value is { } value ? PSObject.AsPSObject(value) : null;

    /// <summary>All text below a property, in order.</summary>
    private static string Plain(PSObject? from, string name) => Flatten(Member(from, name)).Trim();

    private static string Flatten(object? value) => value switch
    {
        null => "",
        string text => text,
        PSObject { BaseObject: string text } => text,
        PSObject { BaseObject: IEnumerable several } => string.Join('\n', several.Cast<object>().Select(Flatten)),
        PSObject { BaseObject: PSCustomObject } item => string.Join('\n', item.Properties.Select(p => Flatten(p.Value))),
        PSObject other => other.ToString(),
        IEnumerable several => string.Join('\n', several.Cast<object>().Select(Flatten)),
        _ => value.ToString()!,
    };

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool Differ(object? one, object? other) => Show(one) != Show(other);

    private static string Show(object? value) => value is IEnumerable several and not string ? $"[{string.Join(", ", several.Cast<object>())}]" : $"{value}";
}
