using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney;

/// <summary>Offers how far a result may differ from its image.</summary>
public sealed class StrengthCompleter : IArgumentCompleter
{
    private static readonly string[] Names = ["Subtle", "Strong"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Names.Where(n => n.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase)).Select(n => new CompletionResult(n));
}
