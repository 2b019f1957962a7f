using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace MidJourney.HelpTool;

/// <summary>Writes into a page what the cmdlet itself says; what people say is kept.</summary>
public sealed class CommandReader
{
    private const int SyntaxWidth = 100;

    private readonly Func<string, string, string> _describe;

    /// <param name="describe">What to say of a new parameter, by cmdlet and parameter.</param>
    public CommandReader(Func<string, string, string>? describe = null) => _describe = describe ?? ((_, _) => $"{CommandPage.FillIn} the description }}}}");

    /// <param name="command">The real one.</param>
    /// <param name="page">The page so far; null for a new one.</param>
    public CommandPage Refresh(CmdletInfo command, CommandPage? page) => (page ?? New(command)) with
    {
        Syntax = [.. Sets(command).Select(set => new PageSyntax(set.Name, set.IsDefault, Write(command.Name, set)))],
        Parameters = [.. Own(command).Select(p => Read(command, p, page))],
    };

    /// <summary>The parameters that are not common to all cmdlets, by name.</summary>
    public static IEnumerable<ParameterMetadata> Own(CmdletInfo command) =>
        command.Parameters.Values.Where(p => !IsCommon(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>What a parameter is when it is not given, as text; empty for nothing, or no limit.</summary>
    public static string DefaultOf(CmdletInfo command, string parameter)
    {
        if (parameter is "WhatIf" or "Confirm") return "False";
        // A parameter that is a field has no default.
        var value = command.ImplementingType.GetProperty(parameter)?.GetValue(Activator.CreateInstance(command.ImplementingType));
        return value switch
        {
            null or int.MaxValue => "",
            DateTimeOffset date when date == DateTimeOffset.MaxValue => "",
            DateTimeOffset time when time == default => "",
            DateTime day when day == default => "",
            string text => text,
            IEnumerable several => string.Join(", ", several.Cast<object>()),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static bool IsCommon(string name) => name is not ("WhatIf" or "Confirm") && (Cmdlet.CommonParameters.Contains(name) || Cmdlet.OptionalCommonParameters.Contains(name));

    private static IEnumerable<CommandParameterSetInfo> Sets(CmdletInfo command) =>
        command.ParameterSets.OrderByDescending(s => s.IsDefault).ThenBy(s => s.Name, StringComparer.Ordinal);

    private PageParameter Read(CmdletInfo command, ParameterMetadata parameter, CommandPage? page)
    {
        var bindings = command.ParameterSets
            .Select(set => (set.Name, Parameter: set.Parameters.FirstOrDefault(p => p.Name == parameter.Name)))
            .Where(b => b.Parameter is not null).ToList();
        return new PageParameter
        {
            Name = parameter.Name,
            Description = page?.Parameters.FirstOrDefault(p => p.Name == parameter.Name)?.Description is { Length: > 0 } said ? said : _describe(command.Name, parameter.Name),
            Type = (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType).ToString(),
            DefaultValue = DefaultOf(command, parameter.Name),
            SupportsWildcards = parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(),
            Aliases = [.. parameter.Aliases],
            ParameterSets = parameter.ParameterSets.ContainsKey(ParameterAttribute.AllParameterSets)
                ? [Bind("(All)", bindings[0].Parameter!)]
                : [.. bindings.OrderBy(b => b.Name, StringComparer.Ordinal).Select(b => Bind(b.Name, b.Parameter!))],
            DontShow = parameter.Attributes.OfType<ParameterAttribute>().Any(a => a.DontShow),
            AcceptedValues = AcceptedValues(parameter),
            HelpMessage = parameter.Attributes.OfType<ParameterAttribute>().Select(a => a.HelpMessage).FirstOrDefault(m => m is not null) ?? "",
        };
    }

    private static PageParameterSet Bind(string name, CommandParameterInfo parameter) => new(
        name,
        parameter.Position < 0 ? "Named" : parameter.Position.ToString(CultureInfo.InvariantCulture),
        parameter.IsMandatory,
        parameter.ValueFromPipeline,
        parameter.ValueFromPipelineByPropertyName,
        parameter.ValueFromRemainingArguments);

    private static string[] AcceptedValues(ParameterMetadata parameter)
    {
        if (parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set) return [.. set.ValidValues];
        var type = parameter.ParameterType.GetElementType() ?? parameter.ParameterType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? Enum.GetNames(type) : [];
    }

    private static string Write(string command, CommandParameterSetInfo set)
    {
        var (text, width) = (new StringBuilder(command), command.Length);
        var shown = set.Parameters.Where(p => !IsCommon(p.Name) && !IsHidden(p))
            .OrderBy(p => p.Position < 0 ? int.MaxValue : p.Position).ThenByDescending(p => p.IsMandatory)
            .ThenBy(p => p.Name is "WhatIf" or "Confirm");
        foreach (var item in shown.Select(Write).Append("[<CommonParameters>]"))
        {
            if (width + 1 + item.Length > SyntaxWidth)
            {
                text.Append('\n');
                width = 0;
            }
            text.Append(' ').Append(item);
            width += 1 + item.Length;
        }
        return text.ToString();
    }

    private static string Write(CommandParameterInfo parameter)
    {
        var name = parameter.Position < 0 ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        var whole = parameter.ParameterType == typeof(SwitchParameter) ? name : $"{name} <{TypeName(parameter.ParameterType)}>";
        return parameter.IsMandatory ? whole : $"[{whole}]";
    }

    private static bool IsHidden(CommandParameterInfo parameter) => parameter.Attributes.OfType<ParameterAttribute>().Any(a => a.DontShow);

    /// <summary>A type as PowerShell writes it: by its accelerator where it has one.</summary>
    public static string TypeName(Type type)
    {
        if (type.IsArray) return TypeName(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return TypeName(inner);
        return type.FullName switch
        {
            "System.String" => "string",
            "System.Int32" => "int",
            "System.Int64" => "long",
            "System.Double" => "double",
            "System.Decimal" => "decimal",
            "System.Boolean" => "bool",
            "System.Object" => "Object",
            "System.Uri" => "uri",
            "System.DateTime" => "datetime",
            "System.Collections.Hashtable" => "hashtable",
            "System.Security.SecureString" => "securestring",
            "System.Management.Automation.PSCredential" => "pscredential",
            "System.Management.Automation.PSObject" => "psobject",
            "System.Management.Automation.SwitchParameter" => "switch",
            _ => type.Name,
        };
    }

    private static CommandPage New(CmdletInfo command) => new()
    {
        Name = command.Name,
        FrontMatter = $"""
            document type: cmdlet
            external help file: {command.HelpFile}
            HelpUri: ''
            Locale: en-US
            Module Name: {command.ModuleName}
            ms.date: {DateTime.Today.ToString("MM/dd/yyyy", CultureInfo.InvariantCulture)}
            PlatyPS schema version: 2024-05-01
            title: {command.Name}
            """.ReplaceLineEndings("\n"),
        Synopsis = $"{CommandPage.FillIn} the synopsis }}}}",
        Aliases = "This cmdlet has no aliases.",
        Description = $"{CommandPage.FillIn} the description }}}}",
        Examples = [.. Enumerable.Range(1, 3).Select(n => new PageExample($"Example {n}: {CommandPage.FillIn} the title }}}}", "", command.Name, $"{CommandPage.FillIn} the description }}}}"))],
        Inputs = [.. InputTypes(command).Select(t => new PagePart(t, [$"{CommandPage.FillIn} the description }}}}"]))],
        Outputs = [.. command.OutputType.Select(t => new PagePart(t.Name, [$"{CommandPage.FillIn} the description }}}}"]))],
        Links = "- about_MidJourney",
    };

    private static List<string> InputTypes(CmdletInfo command)
    {
        var types = command.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.ValueFromPipeline || p.ValueFromPipelineByPropertyName)
            .Select(p => p.ParameterType.ToString()).Distinct().ToList();
        return types.Count == 0 ? ["None"] : types;
    }
}
