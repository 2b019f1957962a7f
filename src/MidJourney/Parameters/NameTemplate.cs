using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using MidJourney.Downloads;

namespace MidJourney.Parameters;

/// <summary>Creates a file name, without extension, from a task.</summary>
internal sealed class NameTemplate
{
    public const string Default = "{SourceJobId}_{SourceImageNo}_{Type}_{Index}";

    /// <summary>The valid placeholders.</summary>
    public static readonly string[] Tokens = ["TaskId", "JobId", "SourceTaskId", "SourceJobId", "SourceImageNo", "Prompt", "Type", "Model", "Index", "Status", "CreatedAt"];

    private const int PromptCharacters = 60;

    private static readonly Regex Token = new(@"\{(\w+)(?::([^{}]*))?\}", RegexOptions.CultureInvariant);
    private static readonly Regex Doubled = new("([_\\-. ])[_\\-. ]+", RegexOptions.CultureInvariant);

    private readonly string _text;

    /// <exception cref="CommandException">The template is invalid.</exception>
    public NameTemplate(string text)
    {
        _text = text;
        if (text.IndexOfAny(['/', '\\']) >= 0)
            throw new CommandException(ErrorIds.InvalidNameTemplate, Messages.TemplateHasFolder());
        foreach (Match match in Token.Matches(text))
            if (!Tokens.Append("Id").Contains(match.Groups[1].Value, StringComparer.OrdinalIgnoreCase))
                throw new CommandException(ErrorIds.InvalidNameTemplate, Messages.TemplatePlaceholder(match.Groups[1].Value));
        if (Token.Replace(text, "").IndexOfAny(['{', '}']) >= 0)
            throw new CommandException(ErrorIds.InvalidNameTemplate, Messages.TemplateBrace());
        try
        {
            _ = NameOf(new MJTask { Id = "x", CreatedAt = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero) }, null, 0);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new CommandException(ErrorIds.InvalidNameTemplate, Messages.TemplateFormat(), e);
        }
    }

    /// <summary>The name, safe on every file system.</summary>
    public string NameOf(MJTask task, string? type, int index)
    {
        var name = Token.Replace(_text, match => ValueOf(match.Groups[1].Value.ToUpperInvariant(), match.Groups[2].Value, task, type, index));
        // An empty value leaves no gap.
        return FileNames.Safe(Doubled.Replace(name, "$1").Trim('_', '-', ' '));
    }

    /// <summary>The name with the task id, so that it is unique.</summary>
    public string OwnNameOf(MJTask task, string? type, int index) => FileNames.Safe(NameOf(task, type, index) + "_" + FileNames.Safe(task.Id));

    private static string ValueOf(string token, string format, MJTask task, string? type, int index) => token switch
    {
        "ID" or "TASKID" => task.Id,
        "JOBID" => task.JobId ?? "",
        "SOURCETASKID" => task.SourceTaskId ?? "",
        // A task that was read by its id has no source job, so its id keeps the name unique.
        "SOURCEJOBID" => task.SourceJobId ?? task.Id,
        "PROMPT" => Beginning(task.RootPrompt() ?? task.SourceJobId ?? task.Id, format.Length == 0 ? PromptCharacters : int.Parse(format, NumberStyles.None, CultureInfo.InvariantCulture)),
        "SOURCEIMAGENO" => task.SourceImageNo?.ToString(CultureInfo.InvariantCulture) ?? "",
        "TYPE" => task.UpscaleType ?? type ?? "",
        "MODEL" => task.Model ?? "",
        "INDEX" => index.ToString(format.Length == 0 ? "0" : format, CultureInfo.InvariantCulture),
        "STATUS" => task.Status,
        _ => task.CreatedAt?.ToString(format.Length == 0 ? "yyyyMMdd-HHmmss" : format, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>As many of the first words of a prompt as fit, without its flags; a part of the first word if none fits.</summary>
    private static string Beginning(string prompt, int max)
    {
        var line = string.Join(" ", prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.IndexOf(" --", StringComparison.Ordinal) is > 0 and var flags) line = line.Substring(0, flags);
        if (line.Length <= max) return line;
        var end = line.LastIndexOf(' ', max);
        if (end <= 0) end = max > 0 && char.IsHighSurrogate(line[max - 1]) ? max - 1 : max;
        return line.Substring(0, end);
    }
}

/// <summary>Offers the placeholders of a name template, added to the typed text.</summary>
public sealed class NameTemplateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        if (typed.Length == 0) return [new CompletionResult($"'{NameTemplate.Default}'", NameTemplate.Default, CompletionResultType.ParameterValue, Messages.TemplateDefault())];
        var brace = typed.LastIndexOf('{');
        var isOpen = brace >= 0 && typed.IndexOf('}', brace) < 0;
        var (before, start) = isOpen ? (typed.Substring(0, brace), typed.Substring(brace + 1)) : (typed, "");
        return NameTemplate.Tokens
            .Where(t => t.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(t => new CompletionResult($"'{before}{{{t}}}'", $"{{{t}}}", CompletionResultType.ParameterValue, t));
    }
}
