using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using MidJourney.Downloads;

namespace MidJourney.Parameters;

/// <summary>Creates the names of a file and its folders from a task. Only the template's own separators make folders, never a value.</summary>
internal sealed class NameTemplate
{
    /// <summary>For images without a known prompt, such as upscales of a bare job ID. In version 0.1.0, for all.</summary>
    public const string OfJob = "{SourceJobId}_{SourceImageNo}_{Type}_{Index}";

    public const string OfPrompt = "{Prompt} {Index}", OfUpscale = "{Prompt} {SourceImageNo} {Type}", OfEdit = "{Prompt} {SourceImageNo} {Type} {Index}";

    /// <summary>The valid placeholders.</summary>
    public static readonly string[] Tokens = ["TaskId", "JobId", "SourceTaskId", "SourceJobId", "SourceImageNo", "Prompt", "Type", "Model", "Index", "Status", "CreatedAt"];

    private const int PromptCharacters = 60;

    // In UTF-8. The rest of a name must have room, too: a name that is too long is cut at its end, where the number is.
    private const int PromptBytes = 120;

    private static readonly Regex Token = new(@"\{(\w+)(?::([^{}]*))?\}", RegexOptions.CultureInvariant);
    private static readonly Regex Separator = new(@"[/\\](?![^{}]*\})", RegexOptions.CultureInvariant);
    private static readonly Regex Doubled = new("([_\\-. ])[_\\-. ]+", RegexOptions.CultureInvariant);
    private static readonly Regex Rooted = new(@"^([/\\]|[A-Za-z]:|~([/\\]|$))", RegexOptions.CultureInvariant);

    private static readonly NameTemplate Job = new(OfJob), Prompt = new(OfPrompt), Upscale = new(OfUpscale), Edit = new(OfEdit);

    private readonly string[] _folders;
    private readonly string _file;
    private readonly string _fileAsGiven;
    private readonly bool _hasIndex;

    /// <exception cref="CommandException">The template is invalid.</exception>
    public NameTemplate(string text)
    {
        foreach (Match match in Token.Matches(text))
            if (!Tokens.Append("Id").Contains(match.Groups[1].Value, StringComparer.OrdinalIgnoreCase))
                throw Invalid(Messages.TemplatePlaceholder(match.Groups[1].Value));
        if (Token.Replace(text, "").IndexOfAny(['{', '}']) >= 0) throw Invalid(Messages.TemplateBrace());
        if (Rooted.IsMatch(text)) throw Invalid(Messages.TemplateRooted());
        var parts = Separator.Split(text);
        if (parts.Any(p => p.Trim(' ', '.').Length == 0)) throw Invalid(Messages.TemplateEmptyPart());
        (_folders, _fileAsGiven) = ([.. parts.Take(parts.Length - 1)], parts.Last());
        // The content decides the extension.
        var dot = _fileAsGiven.LastIndexOf('.');
        _file = dot > 0 && FileKind.OfExtension(_fileAsGiven.Substring(dot)) is not null ? _fileAsGiven.Substring(0, dot) : _fileAsGiven;
        _hasIndex = Token.Matches(text).Cast<Match>().Any(m => string.Equals(m.Groups[1].Value, "Index", StringComparison.OrdinalIgnoreCase));
        try
        {
            _ = NameOf(new MJTask { Id = "x", CreatedAt = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero) }, null, 0, isOneOfSeveral: false);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw Invalid(Messages.TemplateFormat(), e);
        }
    }

    /// <summary>How many folders below -Path the files are, at most.</summary>
    public int Depth => _folders.Length;

    /// <summary>The template for a task's images where the user specified none.</summary>
    public static NameTemplate DefaultFor(MJTask task) =>
        string.IsNullOrWhiteSpace(task.RootPrompt()) ? Job
        : task.UpscaleType is not null || task.Model == ModelNames.Upscale ? Upscale
        : task.SourceJobId is null && task.SourceImageNo is null ? Prompt : Edit;

    /// <summary>The names, safe on every file system. An image that is one of several of its task always gets its number.</summary>
    public OutputName NameOf(MJTask task, string? type, int index, bool isOneOfSeveral)
    {
        var name = FileNames.Safe(Render(_file));
        if (isOneOfSeveral && !_hasIndex) name += SeparatorOf(Token.Replace(_file, "")) + index.ToString(CultureInfo.InvariantCulture);
        return new([.. _folders.Select(Render).Where(f => f.Length > 0).Select(FileNames.Safe)], name);

        string Render(string part) => RenderPart(part, task, type, index);
    }

    /// <summary>The name that earlier versions gave; null if they gave none.</summary>
    /// <param name="template">As the user specified it; null for the default.</param>
    /// <param name="task">The task.</param>
    /// <param name="type">The output's type.</param>
    /// <param name="index">The output's number.</param>
    public static string? EarlierNameOf(NameTemplate? template, MJTask task, string? type, int index) =>
        template?._folders.Length > 0 ? null : FileNames.Safe(RenderPart((template ?? Job)._fileAsGiven, task, type, index, isEarlier: true));

    /// <summary>A name with the task id, so that it is unique.</summary>
    public static string OwnNameOf(string name, MJTask task) => FileNames.Safe(name + "_" + FileNames.Safe(task.Id));

    /// <summary>What separates the words of a name from a number that is added: the last separator in it.</summary>
    public static char SeparatorOf(string name) => name.LastIndexOfAny([' ', '_', '-']) is >= 0 and var at ? name[at] : ' ';

    /// <summary>One folder's or the file's name. An empty value leaves no gap.</summary>
    private static string RenderPart(string part, MJTask task, string? type, int index, bool isEarlier = false)
    {
        var name = Token.Replace(part, match => ValueOf(match.Groups[1].Value.ToUpperInvariant(), match.Groups[2].Value, task, type, index, isEarlier));
        return Doubled.Replace(name, "$1").Trim('_', '-', ' ');
    }

    private static string ValueOf(string token, string format, MJTask task, string? type, int index, bool isEarlier) => token switch
    {
        "ID" or "TASKID" => task.Id,
        "JOBID" => task.JobId ?? "",
        "SOURCETASKID" => task.SourceTaskId ?? "",
        // A task that was read by its id has no source job, so its id keeps the name unique.
        "SOURCEJOBID" => task.SourceJobId ?? task.Id,
        "PROMPT" => isEarlier ? Beginning(task.RootPrompt() ?? task.SourceJobId ?? task.Id, format) : PromptOf(task, format),
        "SOURCEIMAGENO" => task.SourceImageNo?.ToString(CultureInfo.InvariantCulture) ?? "",
        "TYPE" => task.UpscaleType ?? (isEarlier ? null : ShortModel(task.Model)) ?? type ?? "",
        "MODEL" => task.Model ?? "",
        "INDEX" => index.ToString(format.Length == 0 ? "0" : format, CultureInfo.InvariantCulture),
        "STATUS" => task.Status,
        _ => task.CreatedAt?.ToString(format.Length == 0 ? "yyyyMMdd-HHmmss" : format, CultureInfo.InvariantCulture) ?? "",
    };

    private static string? ShortModel(string? model) => model is null ? null : ModelNames.Short(model);

    private static string PromptOf(MJTask task, string format)
    {
        var prompt = task.RootPrompt();
        if (string.IsNullOrWhiteSpace(prompt)) return Beginning(task.SourceJobId ?? task.Id, format);
        // Image prompts are URLs at the beginning; the words tell more.
        var words = string.Join(" ", prompt!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SkipWhile(w => FileUrl.TryParse(w) is not null));
        var start = Beginning(words.Length > 0 ? words : prompt, format);
        return format.Length == 0 ? FileNames.Fit(start, PromptBytes).TrimEnd() : start;
    }

    /// <summary>As many of the first words of a prompt as fit, without its flags; a part of the first word if none fits.</summary>
    private static string Beginning(string prompt, string format)
    {
        var max = format.Length == 0 ? PromptCharacters : int.Parse(format, NumberStyles.None, CultureInfo.InvariantCulture);
        var line = string.Join(" ", prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.IndexOf(" --", StringComparison.Ordinal) is > 0 and var flags) line = line.Substring(0, flags);
        if (line.Length <= max) return line;
        var end = line.LastIndexOf(' ', max);
        if (end <= 0) end = max > 0 && char.IsHighSurrogate(line[max - 1]) ? max - 1 : max;
        return line.Substring(0, end);
    }

    private static CommandException Invalid(string message, Exception? cause = null) => new(ErrorIds.InvalidNameTemplate, message, cause);
}

/// <summary>What a template makes of a task.</summary>
/// <param name="Folders">The folders that the file is in, from the outermost; empty for none.</param>
/// <param name="File">The file's name without extension.</param>
internal sealed record OutputName(string[] Folders, string File);

/// <summary>Offers templates; after a brace, the placeholders, added to the typed text.</summary>
public sealed class NameTemplateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        if (typed.Length == 0)
            return Messages.TemplateHints.Select(h => new CompletionResult($"'{h.Template}'", h.Template, CompletionResultType.ParameterValue, h.Hint));
        var brace = typed.LastIndexOf('{');
        var isOpen = brace >= 0 && typed.IndexOf('}', brace) < 0;
        var (before, start) = isOpen ? (typed.Substring(0, brace), typed.Substring(brace + 1)) : (typed, "");
        return NameTemplate.Tokens
            .Where(t => t.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(t => new CompletionResult($"'{before}{{{t}}}'", $"{{{t}}}", CompletionResultType.ParameterValue, Messages.PlaceholderHint(t)));
    }
}
