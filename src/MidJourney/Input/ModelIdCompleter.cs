using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MidJourney;

/// <summary>Offers the ids of the models that are listed, found by any part of them.</summary>
public sealed class ModelIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var part = wordToComplete.Trim('\'', '"');
        return ModelIds.Listed
            .Where(m => m.Id.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0)
            .Select(m => new CompletionResult(m.Id, m.Id, CompletionResultType.ParameterValue, CommandMessages.ModelHint(m.Cmdlet)));
    }
}
