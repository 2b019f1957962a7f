using System.Text;

namespace MidJourney.HelpTool;

/// <summary>A parameter: what people say of it, and the YAML that the cmdlet itself says.</summary>
public sealed record PageParameter
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public string Type { get; init; } = "";

    public string DefaultValue { get; init; } = "";

    public bool SupportsWildcards { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<PageParameterSet> ParameterSets { get; init; } = [];

    public bool DontShow { get; init; }

    public IReadOnlyList<string> AcceptedValues { get; init; } = [];

    public string HelpMessage { get; init; } = "";

    internal static PageParameter Parse(PagePart part)
    {
        if (!part.Heading.StartsWith('-') || part.AroundBlock("yaml") is not (var description, { } yaml, ""))
            throw new FormatException($"The parameter '{part.Heading}' needs a dash, text, and a ```yaml block at its end.");
        var fields = new ParameterYaml(yaml);
        return new PageParameter
        {
            Name = part.Heading[1..],
            Description = description,
            Type = fields.Text(nameof(Type)),
            DefaultValue = fields.Text(nameof(DefaultValue)),
            SupportsWildcards = fields.Flag(nameof(SupportsWildcards)),
            Aliases = fields.List(nameof(Aliases)),
            ParameterSets = fields.Sets(nameof(ParameterSets)),
            DontShow = fields.Flag(nameof(DontShow)),
            AcceptedValues = fields.List(nameof(AcceptedValues)),
            HelpMessage = fields.Text(nameof(HelpMessage)),
        };
    }

    internal string Write()
    {
        var yaml = new StringBuilder($"""
            ### -{Name}

            {Description}

            ```yaml
            Type: {ParameterYaml.Quote(Type)}
            DefaultValue: {ParameterYaml.Quote(DefaultValue)}
            SupportsWildcards: {ParameterYaml.Write(SupportsWildcards)}

            """);
        AddList(nameof(Aliases), Aliases);
        yaml.Append("ParameterSets:\n");
        foreach (var set in ParameterSets)
            yaml.Append($"""
                - Name: {ParameterYaml.Quote(set.Name)}
                  Position: {set.Position}
                  IsRequired: {ParameterYaml.Write(set.IsRequired)}
                  ValueFromPipeline: {ParameterYaml.Write(set.ValueFromPipeline)}
                  ValueFromPipelineByPropertyName: {ParameterYaml.Write(set.ValueFromPipelineByPropertyName)}
                  ValueFromRemainingArguments: {ParameterYaml.Write(set.ValueFromRemainingArguments)}

                """);
        yaml.Append($"DontShow: {ParameterYaml.Write(DontShow)}\n");
        AddList(nameof(AcceptedValues), AcceptedValues);
        return yaml.Append($"HelpMessage: {ParameterYaml.Quote(HelpMessage)}\n```").ToString();

        void AddList(string name, IReadOnlyList<string> values)
        {
            yaml.Append(name).Append(values.Count == 0 ? ": []\n" : ":\n");
            foreach (var value in values) yaml.Append("- ").Append(ParameterYaml.Quote(value)).Append('\n');
        }
    }
}
