using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using MidJourney.Downloads;

namespace MidJourney.Parameters;

/// <summary>Makes a file's name, without its extension, of a task.</summary>
internal sealed class NameTemplate
{
    public const string Default = "{SourceJobId}_{SourceImageNo}_{Type}_{Index}";

    /// <summary>What may stand in braces.</summary>
    public static readonly string[] Tokens = ["TaskId", "JobId", "SourceTaskId", "SourceJobId", "SourceImageNo", "Prompt", "Type", "Model", "Index", "Status", "CreatedAt"];

    /// <summary>Enough to know it by, and short enough for a name with more in it.</summary>
    private const int PromptCharacters = 60;

    private static readonly Regex Token = new(@"\{(\w+)(?::([^{}]*))?\}", RegexOptions.CultureInvariant);
    private static readonly Regex Doubled = new("([_\\-. ])[_\\-. ]+", RegexOptions.CultureInvariant);

    private readonly string _text;

    /// <exception cref="CommandException">It is no name, or names what there is not.</exception>
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
    /// <param name="task">The task.</param>
    /// <param name="type">What the output is, where the task itself has no type.</param>
    /// <param name="index">Which of its outputs, from 0.</param>
    public string NameOf(MJTask task, string? type, int index)
    {
        var name = Token.Replace(_text, match => ValueOf(match.Groups[1].Value.ToUpperInvariant(), match.Groups[2].Value, task, type, index));
        // What a task does not have leaves no gap.
        return FileNames.Safe(Doubled.Replace(name, "$1").Trim('_', '-', ' '));
    }

    /// <summary>The name that no other task can have.</summary>
    public string OwnNameOf(MJTask task, string? type, int index) => FileNames.Safe(NameOf(task, type, index) + "_" + FileNames.Safe(task.Id));

    private static string ValueOf(string token, string format, MJTask task, string? type, int index) => token switch
    {
        "ID" or "TASKID" => task.Id,
        "JOBID" => task.JobId ?? "",
        "SOURCETASKID" => task.SourceTaskId ?? "",
        // A task that was read by its id alone is told from the others by that.
        "SOURCEJOBID" => task.SourceJobId ?? task.Id,
        "PROMPT" => Beginning(task.RootPrompt() ?? task.SourceJobId ?? task.Id, format.Length == 0 ? PromptCharacters : int.Parse(format, NumberStyles.None, CultureInfo.InvariantCulture)),
        "SOURCEIMAGENO" => task.SourceImageNo?.ToString(CultureInfo.InvariantCulture) ?? "",
        "TYPE" => task.UpscaleType ?? type ?? "",
        "MODEL" => task.Model ?? "",
        "INDEX" => index.ToString(format.Length == 0 ? "0" : format, CultureInfo.InvariantCulture),
        "STATUS" => task.Status,
        _ => task.CreatedAt?.ToString(format.Length == 0 ? "yyyyMMdd-HHmmss" : format, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>The first words of a prompt on one line, without the flags behind them, as many as fit; a part of the first where none does.</summary>
    private static string Beginning(string prompt, int most)
    {
        var line = string.Join(" ", prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.IndexOf(" --", StringComparison.Ordinal) is > 0 and var flags) line = line.Substring(0, flags);
        if (line.Length <= most) return line;
        var end = line.LastIndexOf(' ', most);
        if (end <= 0) end = most > 0 && char.IsHighSurrogate(line[most - 1]) ? most - 1 : most;
        return line.Substring(0, end);
    }
}

/// <summary>Offers what may stand in a name template, after what is typed already.</summary>
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
