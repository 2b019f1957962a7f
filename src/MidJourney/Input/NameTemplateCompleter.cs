using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney;

/// <summary>Offers what may stand in a name template, after what is typed already.</summary>
public sealed class NameTemplateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        if (typed.Length == 0) return [new CompletionResult($"'{NameTemplate.Default}'", NameTemplate.Default, CompletionResultType.ParameterValue, CommandMessages.TemplateDefault())];
        var brace = typed.LastIndexOf('{');
        var isOpen = brace >= 0 && typed.IndexOf('}', brace) < 0;
        var (before, start) = isOpen ? (typed.Substring(0, brace), typed.Substring(brace + 1)) : (typed, "");
        return NameTemplate.Tokens
            .Where(t => t.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(t => new CompletionResult($"'{before}{{{t}}}'", $"{{{t}}}", CompletionResultType.ParameterValue, t));
    }
}
