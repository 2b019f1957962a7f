using System.Text.RegularExpressions;

namespace MidJourney.HelpTool;

/// <summary>Reads and writes the little YAML that stands below a parameter: texts, flags, lists of texts, and one list of sets.</summary>
internal sealed partial class ParameterYaml
{
    private readonly Dictionary<string, (string Value, List<string> Below)> _fields = [];

    public ParameterYaml(string text)
    {
        var name = "";
        foreach (var line in text.Split('\n'))
            if (line is ['-' or ' ', ..] && name.Length > 0) _fields[name].Below.Add(line);
            else if (line.Split(':', 2) is [var key, var value]) _fields.Add(name = key, (value.Trim(), []));
            else throw new FormatException($"'{line}' is not a field.");
    }

    public static string Write(bool value) => value ? "true" : "false";

    /// <summary>As it is where that can only be text, else between quotes.</summary>
    public static string Quote(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public string Text(string name) => Unquote(Find(name).Value);

    public bool Flag(string name) => ReadFlag(Find(name).Value);

    public IReadOnlyList<string> List(string name) => [.. Find(name).Below.Select(line => Unquote(line[2..].Trim()))];

    public IReadOnlyList<PageParameterSet> Sets(string name)
    {
        var sets = new List<Dictionary<string, string>>();
        foreach (var line in Find(name).Below)
        {
            if (line[0] == '-') sets.Add([]);
            if (sets.Count == 0 || line[2..].Split(':', 2) is not [var key, var value]) throw new FormatException($"'{line}' is not a field of a set.");
            sets[^1][key.Trim()] = Unquote(value.Trim());
        }
        return [.. sets.Select(s => new PageParameterSet(
            s[nameof(PageParameterSet.Name)],
            s[nameof(PageParameterSet.Position)],
            ReadFlag(s[nameof(PageParameterSet.IsRequired)]),
            ReadFlag(s[nameof(PageParameterSet.ValueFromPipeline)]),
            ReadFlag(s[nameof(PageParameterSet.ValueFromPipelineByPropertyName)]),
            ReadFlag(s[nameof(PageParameterSet.ValueFromRemainingArguments)])))];
    }

    private (string Value, List<string> Below) Find(string name) =>
        _fields.TryGetValue(name, out var field) ? field : throw new FormatException($"The field {name} is missing.");

    private static bool ReadFlag(string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw new FormatException($"'{value}' is neither true nor false."),
    };

    private static string Unquote(string value) => value is ['\'', .. var inner, '\''] ? inner.Replace("''", "'", StringComparison.Ordinal) : value;

    [GeneratedRegex(@"^(?!(?:null|true|false|yes|no|on|off|~)$)[A-Za-z0-9(.][A-Za-z0-9_.()\[\]`/+]*(?<![.]{2,})$")]
    private static partial Regex Plain();
}
